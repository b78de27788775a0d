"""The software bill of materials, in CycloneDX: the same bytes for the same components."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentScope, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from decision_trees.publishing.components import OWN, Component

FILE = "sbom.cdx.json"
VERSION = SchemaVersion.V1_6


def write_bom(name: str, components: Iterable[Component]) -> str:
    """Write the bill of a site. What is shipped to readers is required; what only took part in the build is excluded.

    It has no time of its own, and its serial number is made of its content.
    """
    found = list(components)
    parts = {(each.kind, each.name): make_part(each) for each in found}
    bom = Bom(components=parts.values())
    site = Part(name=name, type=ComponentType.APPLICATION, bom_ref="site", version=next((each.version for each in found if each.name == OWN), None))
    bom.metadata.component = site
    bom.register_dependency(site, [part for each, part in zip(found, parts.values(), strict=True) if not each.inside])
    for each, part in zip(found, parts.values(), strict=True):
        inner = [parts[other.kind, other.name] for other in found if other.inside == each.name]
        bom.register_dependency(part, inner)
    data = json.loads(make_outputter(bom, OutputFormat.JSON, VERSION).output_as_string())
    del data["metadata"]["timestamp"], data["serialNumber"]
    data["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(data, sort_keys=True))}"
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def make_part(component: Component) -> Part:
    """Give a component in the library's own form."""
    namespace, _, name = component.name.rpartition("/")
    return Part(
        name=component.name, version=component.version or None, bom_ref=f"{component.kind}/{component.name}",
        type=ComponentType.LIBRARY, scope=ComponentScope.REQUIRED if component.is_shipped else ComponentScope.EXCLUDED,
        description=component.says or None, copyright=component.holder or None,
        licenses=[LicenseFactory().make_from_string(component.licence)] if component.licence else (),
        hashes=[HashType(alg=HashAlgorithm(algorithm), content=digest) for algorithm, digest in component.hashes],
        purl=PackageURL(component.kind, namespace or None, name, component.version or None),
    )
