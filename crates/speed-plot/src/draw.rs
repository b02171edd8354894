//! From inputs to the drawing that was asked for.

use contract::speed_plot::SpeedPlot;
use contract::{Generator, InputRef, Tag};
use plumb::{Failure, Input, Run, Source, Tool};
use speed_plot::series::{Series, of_comparison, of_speed};
use speed_plot::{dots, heatmap, throughput, timeline};

use crate::args::{Args, Chart};
use crate::read::Drawable;

/// What stands in the drawing about itself.
pub fn describe(tool: &Tool, args: &Args, inputs: &[Input]) -> SpeedPlot {
    let digests = inputs.iter().map(|input| &input.digest);
    SpeedPlot {
        schema: Tag::new(),
        generator: Generator::new(tool.name, tool.version),
        inputs: digests.map(|d| InputRef::new(&d.name, d.bytes, d.sha256)).collect(),
        chart: args.chart.into(),
        only: args.only.clone(),
    }
}

/// The drawing.
pub fn draw(args: &Args, run: &Run, inputs: &[Input], metadata: &str) -> Result<String, Failure> {
    if args.chart == Chart::Timeline {
        return over_time(args, run, inputs, metadata);
    }
    let [input] = inputs else {
        let found = inputs.len();
        return Err(Failure::new(format!("expected one document for this chart, found {found}")));
    };
    let drawable = Drawable::read(input)?;
    let only = args.only.as_deref();
    let series = || {
        let whole = match &drawable {
            Drawable::Speed(document) => of_speed(document),
            Drawable::Comparison(document) => of_comparison(document),
        };
        let keys: Vec<String> = whole.cells.iter().map(|cell| cell.key.to_string()).collect();
        chosen(run, only, keys.iter().map(String::as_str));
        whole.only(only)
    };
    match args.chart {
        Chart::Throughput => Ok(throughput::throughput(&two(run, series()), metadata)),
        Chart::Dots | Chart::Timeline => Ok(dots::dots(&two(run, series()), metadata)),
        Chart::Heatmap => {
            let document = drawable.comparison(input)?;
            chosen(run, only, document.cells.iter().map(|cell| cell.id.as_str()));
            Ok(heatmap::heatmap(&document, only, metadata))
        }
    }
}

/// A filter that chooses nothing makes an empty drawing: that is said.
fn chosen<'a>(run: &Run, only: Option<&str>, mut keys: impl Iterator<Item = &'a str>) {
    if let Some(text) = only
        && !keys.any(|key| key.contains(text))
    {
        run.warn(None, &format!("--only {text}: no cell's key contains this, nothing is drawn"));
    }
}

/// A chart has room for two targets.
fn two(run: &Run, series: Series) -> Series {
    if let Some((_, [_, left_out @ ..])) = series.targets.split_first()
        && !left_out.is_empty()
    {
        run.warn(None, &format!("only two targets are drawn, left out: {}", left_out.join(", ")));
    }
    series
}

fn over_time(args: &Args, run: &Run, inputs: &[Input], metadata: &str) -> Result<String, Failure> {
    let documents = inputs
        .iter()
        .map(|input| Ok((name(input), Drawable::read(input)?.comparison(input)?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    let entries: Vec<_> =
        documents.iter().map(|(name, doc)| (name.as_str(), doc.as_ref())).collect();
    let cells = entries.iter().flat_map(|(_, document)| &document.cells);
    chosen(run, args.only.as_deref(), cells.map(|cell| cell.id.as_str()));
    Ok(timeline::timeline(&entries, args.only.as_deref(), metadata))
}

/// What an entry of a timeline is called: its file's name without the extension.
fn name(input: &Input) -> String {
    match &input.source {
        Source::Stdin => "-".to_owned(),
        Source::File(path) => path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
    }
}
