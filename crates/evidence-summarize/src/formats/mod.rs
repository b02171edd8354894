//! One file per format. A new one is its file and a line in one of the tables below.

mod allure;
mod audit;
mod bats_text;
mod behave;
mod behave_text;
mod boost;
mod cargo_test;
mod catch2;
mod cleanup_applied;
mod cleanup_manifest;
mod console;
mod ctest_text;
mod ctrf;
mod cunit;
mod gotest;
mod gotestsum;
mod gtest_json;
mod gtest_text;
mod jest;
mod jest_text;
mod junit;
mod libtest_json;
mod listing;
mod minitest_text;
mod mocha;
mod mocha_stream;
mod mocha_text;
mod mochawesome;
mod nextest_text;
mod node_text;
mod nunit;
pub mod oplog;
mod outline;
pub mod own_text;
mod phpunit_testdox;
mod phpunit_text;
mod playwright;
mod playwright_text;
mod proofline_log;
mod prove;
mod pytest_json;
mod pytest_text;
mod qttest;
mod reportlog;
mod robot;
mod robot_text;
mod rspec;
mod rspec_text;
mod runner_text;
mod scanners;
mod speed_comparison;
mod tap;
mod teamcity;
mod testng;
mod trx;
mod unittest_text;
mod vitest_text;
mod xccdf;
mod xunit;

use crate::json::{JsonFormat, Keys};
use crate::text::LineReader;
use crate::xml::{Choose, Handler, Tag};

/// Documents in JSON; the first that knows the keys reads the document.
pub const JSON: &[&JsonFormat] = &[
    &audit::FORMAT,
    &speed_comparison::FORMAT,
    &cleanup_applied::FORMAT,
    &allure::RESULT,
    &allure::CONTAINER,
    &allure::GLOBALS,
    &jest::FORMAT,
    &mocha::FORMAT,
    &mochawesome::FORMAT,
    &playwright::FORMAT,
    &rspec::FORMAT,
    &pytest_json::FORMAT,
    &behave::FORMAT,
    &gtest_json::FORMAT,
    &scanners::TRIVY,
    &scanners::GRYPE,
    &scanners::KICS,
    &scanners::SARIF,
    &ctrf::FORMAT,
];

/// Documents in XML.
const XML: &[Choose] = &[
    cunit::choose,
    junit::choose,
    catch2::choose,
    robot::choose,
    trx::choose,
    nunit::choose,
    xunit::choose,
    testng::choose,
    phpunit_testdox::choose,
    xccdf::choose,
    boost::choose,
    qttest::choose,
];

/// Texts, the more particular ones first.
pub fn line_readers() -> Vec<Box<dyn LineReader>> {
    vec![
        Box::new(cleanup_manifest::CleanupManifest::default()),
        Box::new(proofline_log::ProoflineLog::default()),
        Box::new(own_text::OwnText::default()),
        Box::new(cargo_test::CargoTest::default()),
        Box::new(listing::Listing::default()),
        Box::new(minitest_text::MinitestText::default()),
        Box::new(libtest_json::LibtestJson::default()),
        Box::new(gotest::GoTest::default()),
        Box::new(gotestsum::GoTestSum::default()),
        Box::new(pytest_text::PytestText::default()),
        Box::new(reportlog::ReportLog::default()),
        Box::new(ctest_text::CTestText::default()),
        Box::new(gtest_text::GTestText::default()),
        Box::new(unittest_text::UnittestText::default()),
        Box::new(prove::Prove::default()),
        Box::new(teamcity::TeamCity::default()),
        Box::new(bats_text::BatsText::default()),
        Box::new(behave_text::BehaveText::default()),
        Box::new(jest_text::JestText::default()),
        Box::new(mocha_stream::MochaStream::default()),
        Box::new(mocha_text::MochaText::default()),
        Box::new(nextest_text::NextestText::default()),
        Box::new(node_text::NodeText::default()),
        Box::new(phpunit_text::PhpunitText::default()),
        Box::new(playwright_text::PlaywrightText::default()),
        Box::new(robot_text::RobotText::default()),
        Box::new(rspec_text::RspecText::default()),
        Box::new(vitest_text::VitestText::default()),
        Box::new(runner_text::RunnerText::default()),
        Box::new(tap::Tap::default()),
    ]
}

/// The reader for an XML document that begins with `tag`.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    XML.iter().find_map(|choose| choose(tag))
}

/// Whether a JSON document with these keys is known.
pub fn knows(keys: &Keys) -> bool {
    JSON.iter().any(|format| (format.knows)(keys))
}

/// Whether an object with these keys is an event on a line of its own.
pub fn is_event(keys: &Keys) -> bool {
    let events: [&[&str]; 6] = [
        &["Action", "Package"],
        &["type", "event"],
        &["$report_type"],
        &["Action", "Time"],
        &["previous", "sequence", "event"],
        &["level", "operation", "event"],
    ];
    events.iter().any(|names| keys.has(names))
}
