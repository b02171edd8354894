//! From the target's name on the command line to a target that is up.

use std::collections::BTreeMap;
use std::path::Path;

use contract::audit::{Target as TargetRef, TargetKind};
use plumb::{Failure, Run};

use crate::effects::container::Container;
use crate::effects::target::Target;
use crate::effects::{podman, strays};

/// A target as it is named.
pub enum Kind<'a> {
    Host,
    Rootfs(&'a Path),
    Podman(&'a str),
}

impl<'a> Kind<'a> {
    /// Reads `host`, `rootfs:DIR`, `podman:IMAGE`; anything else is an image.
    pub fn parse(name: &'a str) -> Result<Self, Failure> {
        let kind = match name.split_once(':') {
            _ if name == "host" => Self::Host,
            Some(("rootfs", folder)) => Self::Rootfs(Path::new(folder)),
            Some(("podman", image)) => Self::Podman(checked(image)?),
            _ => Self::Podman(checked(name)?),
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
                if !rustix::process::geteuid().is_root() {
                    let why = "only root can change into a root file system: run it as root";
                    return Err(Failure::new(why).at(name));
                }
                strays::adopt();
                target
            }
            Self::Podman(image_name) => {
                reference.kind = TargetKind::Podman;
                let image = podman::image(image_name, run)?;
                let container = Container::up(image_name, &image, run)?;
                reference.image_id = Some(image.id);
                reference.image_digest = image.digest;
                Target::container(container, variables)
            }
        };
        Ok((target, reference))
    }
}

/// An image reference, before anything is asked about it.
fn checked(image: &str) -> Result<&str, Failure> {
    match naming::image::parse(image) {
        Ok(_) => Ok(image),
        Err(why) => Err(Failure::new(format!(
            "{} (expected host, rootfs:DIR, podman:IMAGE or an image)",
            why.reason
        ))
        .at(format!("--target {image:?}"))),
    }
}
