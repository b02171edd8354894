//! From the target's name on the command line to a target that is up.

use std::collections::BTreeMap;
use std::path::Path;

use contract::audit::{Target as TargetRef, TargetKind};
use plumb::{Failure, Run};

use crate::effects::container::Container;
use crate::effects::export::Export;
use crate::effects::runtime::{self, Image, Runtime};
use crate::effects::strays;
use crate::effects::target::Target;

/// A target as it is named.
pub enum Kind<'a> {
    Host,
    Rootfs(&'a Path),
    Podman(&'a str),
    Docker(&'a str),
    /// In whichever runtime knows it.
    Image(&'a str),
}

impl<'a> Kind<'a> {
    /// Reads `host`, `rootfs:DIR`, `podman:IMAGE`, `docker:IMAGE`; anything else is an image.
    pub fn parse(name: &'a str) -> Result<Self, Failure> {
        let kind = match name.split_once(':') {
            _ if name == "host" => Self::Host,
            Some(("rootfs", folder)) => Self::Rootfs(Path::new(folder)),
            Some(("podman", image)) => Self::Podman(checked(image)?),
            Some(("docker", image)) => Self::Docker(checked(image)?),
            _ => Self::Image(checked(name)?),
        };
        Ok(kind)
    }

    /// Brings it up.
    pub fn up(
        &self,
        name: &str,
        variables: &BTreeMap<String, String>,
        run: &Run,
    ) -> Result<(Target, TargetRef), Failure> {
        let mut reference = TargetRef {
            kind: TargetKind::Host,
            reference: name.to_owned(),
            safe_name: naming::scheme::encode(name),
            image_id: None,
            image_digest: None,
        };
        let target = match self {
            Self::Host => {
                strays::adopt();
                Target::host(variables)
            }
            Self::Rootfs(folder) => {
                reference.kind = TargetKind::Rootfs;
                let target = Target::rootfs(folder, variables)
                    .map_err(|error| Failure::io(name, "cannot be used", &error))?;
                root(name)?;
                strays::adopt();
                target
            }
            Self::Podman(image) => {
                rooted(image)?;
                let found = runtime::image(Runtime::Podman, image, run)?;
                in_podman(image, &found, variables, &mut reference, run)?
            }
            Self::Docker(image) => {
                let found = runtime::image(Runtime::Docker, image, run)?;
                in_docker(image, &found, variables, &mut reference, run)?
            }
            Self::Image(image) => match runtime::image(Runtime::Podman, image, run) {
                Ok(_) if rooted(image).is_err() => return Err(unrooted(image)),
                Ok(found) => in_podman(image, &found, variables, &mut reference, run)?,
                Err(podman) => match runtime::image(Runtime::Docker, image, run) {
                    Ok(found) => in_docker(image, &found, variables, &mut reference, run)?,
                    Err(docker) => {
                        let why = format!("{}; {}", podman.message, docker.message);
                        return Err(Failure::new(why).at(*image));
                    }
                },
            },
        };
        Ok((target, reference))
    }
}

fn in_podman(
    name: &str,
    image: &Image,
    variables: &BTreeMap<String, String>,
    reference: &mut TargetRef,
    run: &Run,
) -> Result<Target, Failure> {
    reference.kind = TargetKind::Podman;
    reference.image_id = Some(image.id.clone());
    reference.image_digest = image.digest();
    Ok(Target::container(Container::up(name, image, run)?, variables))
}

fn in_docker(
    name: &str,
    image: &Image,
    variables: &BTreeMap<String, String>,
    reference: &mut TargetRef,
    run: &Run,
) -> Result<Target, Failure> {
    reference.kind = TargetKind::Docker;
    reference.image_id = Some(image.id.clone());
    reference.image_digest = image.digest();
    root(name)?;
    Ok(Target::export(Export::of(name, image, run)?, variables))
}

/// Only root can go into a container; with podman everybody can be root, among their own.
fn rooted(image: &str) -> Result<(), Failure> {
    if rustix::process::geteuid().is_root() { Ok(()) } else { Err(unrooted(image)) }
}

fn unrooted(image: &str) -> Failure {
    let why = "without root a container of podman is entered from podman's own name space: run it \
               as `podman unshare audit-run …`";
    Failure::new(why).at(image)
}

/// Only root can go into a folder of files.
fn root(name: &str) -> Result<(), Failure> {
    if rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let why = "only root can change into a root file system: run it as root";
    Err(Failure::new(why).at(name))
}

/// An image reference, before anything is asked about it.
fn checked(image: &str) -> Result<&str, Failure> {
    match naming::image::parse(image) {
        Ok(_) => Ok(image),
        Err(why) => Err(Failure::new(format!(
            "{} (expected host, rootfs:DIR, podman:IMAGE, docker:IMAGE or an image)",
            why.reason
        ))
        .at(format!("--target {image:?}"))),
    }
}
