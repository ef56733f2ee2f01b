"""Bad scenario files: text that says what is not allowed, and paths at which there is nothing to read."""

# ruff: noqa: E501  # a message stands on one line, as it is said

from __future__ import annotations

import os

from bad_input import HEAD, Bad, Bench, as_nobody, check, each, open_folder

import inkfade as ink


def text(name: str, content: str | bytes, message: str, entry: str) -> Bad:
    """A row that reads a whole file."""
    return Bad(name, lambda b: b.read(content), message, entry)


def line(name: str, content: str, message: str, entry: str) -> Bad:
    """A row that reads a file with this below the usual head: its first line is the third."""
    return text(name, HEAD + content, message, entry)


def nested(depth: int) -> str:
    return "x = " + "[" * depth + "]" * depth


TEXTS = [
    text("empty", "", "format: missing; a scenario file begins with format = 1 ({dir}/case.toml:1:1)", "missing-key"),
    text(
        "no format",
        'preset = "scalp-smp"\n',
        "format: missing; a scenario file begins with format = 1 ({dir}/case.toml:1:1)",
        "missing-key",
    ),
    text(
        "format as text", 'format = "1"\n', "format: must be the whole number 1 ({dir}/case.toml:1:10)", "format-number"
    ),
    text(
        "newer format",
        "format = 2\n",
        "format = 2: is a newer format than this program reads (1); a newer inkfade is needed ({dir}/case.toml:1:10)",
        "newer-format",
    ),
    text("format 0", "format = 0\n", "format = 0: must be 1 ({dir}/case.toml:1:10)", "format-number"),
    text(
        "neither preset nor name",
        "format = 1\n",
        "preset: missing; name a preset to build on, or give a name and every parameter ({dir}/case.toml:1:1)",
        "missing-key",
    ),
    text(
        "unknown preset",
        'format = 1\npreset = "scalp"\n',
        'unknown preset "scalp": the presets are areola, brow-pmu, cornea-like, decorative-forearm, mouse-skh1, pig, scalp-smp, trichopigmentation ({dir}/case.toml:2:10)',
        "unknown-preset",
    ),
    text(
        "misspelt preset",
        'format = 1\npreset = "scalp-spm"\n',
        'unknown preset "scalp-spm" (did you mean scalp-smp?): the presets are areola, brow-pmu, cornea-like, decorative-forearm, mouse-skh1, pig, scalp-smp, trichopigmentation ({dir}/case.toml:2:10)',
        "unknown-preset",
    ),
    text(
        "preset as number",
        "format = 1\npreset = 3\n",
        "preset: must be text, not a whole number ({dir}/case.toml:2:10)",
        "wrong-kind-of-value",
    ),
    text(
        "a name and nothing else",
        'format = 1\nname = "mine"\n',
        "procedure: the dose is missing; give one of deposit_per_dot, local_dose, patch_dose ({dir}/case.toml:1:1)",
        "missing-value",
    ),
    text("no TOML", "this is no TOML\n", "the text is not valid TOML: {any} ({dir}/case.toml:1:6)", "not-toml"),
    text(
        "YAML", "format: 1\npreset: scalp-smp\n", "the text is not valid TOML: {any} ({dir}/case.toml:1:7)", "not-toml"
    ),
    text("JSON", '{"format": 1}\n', "the text is not valid TOML: {any} ({dir}/case.toml:1:1)", "not-toml"),
    line(
        "open quote",
        '[procedure]\ndepth = "450 um\n',
        "the text is not valid TOML: {any} ({dir}/case.toml:4:16)",
        "not-toml",
    ),
    line(
        "duplicate key",
        '[procedure]\ndepth = "450 um"\ndepth = "500 um"\n',
        "the text is not valid TOML: {any} ({dir}/case.toml:5:9)",
        "not-toml",
    ),
    line(
        "duplicate table",
        '[procedure]\ndepth = "450 um"\n[procedure]\nneedle = 1\n',
        "the text is not valid TOML: {any} ({dir}/case.toml:5:1)",
        "not-toml",
    ),
    text(
        "invalid UTF-8",
        HEAD.encode() + b'[procedure]\ndepth = "450 \xb5m"\n',
        "the text is not valid UTF-8: save it as UTF-8 ({dir}/case.toml:4:14)",
        "not-plain-text",
    ),
    text(
        "UTF-16",
        "format = 1\n".encode("utf-16"),
        "the text is not valid UTF-8: save it as UTF-8 ({dir}/case.toml:1:1)",
        "not-plain-text",
    ),
    text(
        "NUL",
        HEAD.encode() + b"# \0\n",
        "the text contains a NUL character: it is no text ({dir}/case.toml:3:3)",
        "not-plain-text",
    ),
    text(
        "longer than 1 MiB",
        HEAD + "#" * (1 << 20),
        "the text is longer than 1 MiB: no more is read ({dir}/case.toml:1:1)",
        "not-plain-text",
    ),
    text(
        "nested 65 deep",
        HEAD + nested(65),
        "the text is nested deeper than 64 levels: no deeper is read ({dir}/case.toml:3:69)",
        "not-plain-text",
    ),
    text(
        "dotted 65 deep",
        HEAD + ".".join(["a"] * 65) + " = 1",
        "the text is nested deeper than 64 levels: no deeper is read ({dir}/case.toml:3:128)",
        "not-plain-text",
    ),
    text(
        "a whole HDF5 file",
        b"\x89HDF\r\n\x1a\n" + bytes(2000),
        "the text is not valid UTF-8: save it as UTF-8 ({dir}/case.toml:1:1)",
        "not-plain-text",
    ),
]

KEYS = [
    line(
        "misspelt group",
        '[procdure]\ndepth = "450 um"\n',
        "unknown key procdure (did you mean procedure?); the keys here are format, preset, name, start, session, aftercare, exposure, intervention, sweep, skin, ink, procedure, macrophages, stroma, interventions, touch_up, run, numerics ({dir}/case.toml:3:2)",
        "unknown-key",
    ),
    line(
        "alias at the top",
        'depth = "450 um"\n',
        "unknown key depth (did you mean procedure.depth?); the keys here are format, preset, name, start, session, aftercare, exposure, intervention, sweep, skin, ink, procedure, macrophages, stroma, interventions, touch_up, run, numerics ({dir}/case.toml:3:1)",
        "unknown-key",
    ),
    line(
        "unlike any key",
        "zzz = 1\n",
        "unknown key zzz; the keys here are format, preset, name, start, session, aftercare, exposure, intervention, sweep, skin, ink, procedure, macrophages, stroma, interventions, touch_up, run, numerics ({dir}/case.toml:3:1)",
        "unknown-key",
    ),
    line(
        "misspelt parameter",
        '[procedure]\ndept = "450 um"\n',
        'unknown parameter "procedure.dept" (did you mean procedure.depth?) ({dir}/case.toml:4:1)',
        "unknown-parameter",
    ),
    line(
        "misspelt in a layer",
        '[[skin.layer]]\nname = "papillary_dermis"\nthicknes = "1 mm"\n',
        'unknown parameter "skin.papillary_dermis.thicknes" (did you mean skin.papillary_dermis.thickness?) ({dir}/case.toml:5:1)',
        "unknown-parameter",
    ),
    line(
        "unknown key of a value",
        '[procedure]\ndepth = { value = "450 um", sd = "3 um" }\n',
        "procedure.depth: unknown key sd (did you mean gsd?); the keys here are value, grade, source, gsd ({dir}/case.toml:4:29)",
        "unknown-key",
    ),
    line(
        "value left out",
        '[procedure]\ndepth = { source = "me" }\n',
        "procedure.depth: value is missing; write depth = { value = ... } ({dir}/case.toml:4:9)",
        "missing-value",
    ),
    line(
        "empty source",
        '[procedure]\ndepth = { value = "450 um", source = "" }\n',
        "procedure.depth: source must not be empty; leave it out if there is none ({dir}/case.toml:4:38)",
        "empty-source",
    ),
    line(
        "unknown grade",
        '[procedure]\ndepth = { value = "450 um", grade = "sure" }\n',
        "procedure.depth: grade = sure: must be one of measured, inferred, assumed ({dir}/case.toml:4:37)",
        "unknown-choice",
    ),
    line(
        "spread below 1",
        '[procedure]\ndepth = { value = "450 um", gsd = 0.5 }\n',
        "procedure.depth: gsd = 0.5: must be between 1 and 10 ({dir}/case.toml:4:35)",
        "out-of-range",
    ),
    line(
        "spread of a whole number",
        "[numerics]\ncells = { value = 64, gsd = 1.2 }\n",
        "numerics.cells: gsd: only real parameters vary between people ({dir}/case.toml:4:29)",
        "spread",
    ),
    line(
        "table for a value",
        '[procedure.depth]\nthick = "1 mm"\n',
        "procedure.depth: unknown key thick; the keys here are value, grade, source, gsd ({dir}/case.toml:4:1)",
        "unknown-key",
    ),
    line(
        "value for a table",
        "procedure = 3\n",
        "procedure: must be a table of keys and values, not a whole number ({dir}/case.toml:3:13)",
        "wrong-kind-of-value",
    ),
    line(
        "list for a value",
        '[procedure]\ndepth = ["450 um"]\n',
        "procedure.depth: must be text or a number, not an array ({dir}/case.toml:4:9)",
        "wrong-kind-of-value",
    ),
    line(
        "date for a value",
        "[procedure]\ndepth = 2027-03-14\n",
        "procedure.depth: must be text or a number, not a date ({dir}/case.toml:4:9)",
        "wrong-kind-of-value",
    ),
]

VALUES = [
    line(
        "negative",
        '[procedure]\ndepth = "-450 um"\n',
        "procedure.depth = -450 um: must be between 1 um and 10 mm ({dir}/case.toml:4:9)",
        "out-of-range",
    ),
    line(
        "zero",
        '[procedure]\ndot_diameter = "0 um"\n',
        "procedure.dot_diameter = 0 um: must be between 10 um and 10 mm ({dir}/case.toml:4:16)",
        "out-of-range",
    ),
    line(
        "share above 1",
        "[procedure]\nkept_share = 1.2\n",
        "procedure.kept_share = 1.2: must be between 0.001 and 1 ({dir}/case.toml:4:14)",
        "out-of-range",
    ),
    line(
        "TOML nan",
        "[procedure]\nkept_share = nan\n",
        "procedure.kept_share = nan: must be a finite number; must be between 0.001 and 1 ({dir}/case.toml:4:14)",
        "not-a-number",
    ),
    line(
        "TOML inf",
        "[procedure]\nkept_share = -inf\n",
        "procedure.kept_share = -inf: must be a finite number; must be between 0.001 and 1 ({dir}/case.toml:4:14)",
        "not-a-number",
    ),
    line(
        "1e999",
        "[procedure]\nkept_share = 1e999\n",
        "the text is not valid TOML: {any} ({dir}/case.toml:4:19)",
        "not-toml",
    ),
    line(
        "1e999 with unit",
        '[procedure]\ndepth = "1e999 um"\n',
        "procedure.depth = 1e999 um: must be a length in um, a finite decimal number and a unit; must be between 1 um and 10 mm ({dir}/case.toml:4:9)",
        "not-a-number",
    ),
    line(
        "subnormal",
        "[procedure]\nkept_share = 5e-324\n",
        "procedure.kept_share = 5e-324: is too small for the computer's numbers; must be between 0.001 and 1 ({dir}/case.toml:4:14)",
        "not-a-number",
    ),
    line(
        "bool for a number",
        "[procedure]\nkept_share = true\n",
        "procedure.kept_share = true: must be a number, not true or false; must be between 0.001 and 1 ({dir}/case.toml:4:14)",
        "wrong-type",
    ),
    line(
        "bare number for a length",
        "[procedure]\ndepth = 450\n",
        'procedure.depth = 450: needs a unit: give a length in um, e.g. "450 um" ({dir}/case.toml:4:9)',
        "missing-unit",
    ),
    line(
        "unknown unit",
        '[procedure]\ndepth = "450 micron"\n',
        'procedure.depth = 450 micron: unknown unit "micron"; expected a length in one of m, cm, mm, um, nm, e.g. "450 um" ({dir}/case.toml:4:9)',
        "unknown-unit",
    ),
    line(
        "decimal comma",
        '[procedure]\ndepth = "0,45 mm"\n',
        "procedure.depth = 0,45 mm: write a decimal point instead of the comma ({dir}/case.toml:4:9)",
        "decimal-comma",
    ),
    line(
        "wrong dimension",
        '[procedure]\ndepth = "450 day"\n',
        'procedure.depth = 450 day: "day" is the unit of a time; expected a length in one of m, cm, mm, um, nm, e.g. "450 um" ({dir}/case.toml:4:9)',
        "wrong-dimension",
    ),
    line(
        "cells with a point",
        "[numerics]\ncells = 64.0\n",
        "numerics.cells = 64.0: must be a whole number between 8 and 4096, written without a point ({dir}/case.toml:4:9)",
        "whole-number",
    ),
    line(
        "whole number beyond 64 bits",
        "[numerics]\ncells = 9223372036854775808\n",
        "the text is not valid TOML: {any} ({dir}/case.toml:4:28)",
        "not-toml",
    ),
    line(
        "flag as text",
        '[numerics]\nself_shading = "yes"\n',
        "numerics.self_shading = yes: must be true or false ({dir}/case.toml:4:16)",
        "true-or-false",
    ),
    line(
        "unknown choice",
        '[touch_up]\nmeasure = "colour"\n',
        "touch_up.measure = colour: must be one of patch_contrast_of_healed, retained_of_healed, retained_of_deposit ({dir}/case.toml:4:11)",
        "unknown-choice",
    ),
    line(
        "dose twice",
        '[procedure]\nlocal_dose = "1 mg/cm2"\npatch_dose = "1 mg/cm2"\n',
        "procedure.patch_dose: the dose is given twice, also as procedure.local_dose; give exactly one of them ({dir}/case.toml:5:1)",
        "given-twice",
    ),
    line(
        "deposit in the epidermis",
        '[procedure]\ndepth = "20 um"\n',
        "procedure.depth = 20 um: must lie inside the dermis, between 67 um and 1565 um here ({dir}/case.toml:4:1)",
        "deposit-outside-the-dermis",
    ),
    line(
        "start in quotes",
        'start = "2027-03-14"\n',
        "start: must be a date without quotes, e.g. start = 2027-03-14 ({dir}/case.toml:3:9)",
        "date",
    ),
    line(
        "a day that is none",
        "start = 2027-02-30\n",
        "the text is not valid TOML: {any} ({dir}/case.toml:3:19)",
        "not-toml",
    ),
]

LAYERS = [
    line(
        "layer as a table",
        '[skin.papillary_dermis]\nthickness = "1 mm"\n',
        'skin.papillary_dermis: layers are given as [[skin.layer]] with name = "papillary_dermis" ({dir}/case.toml:3:7)',
        "layers",
    ),
    line(
        "layer without name",
        '[[skin.layer]]\nthickness = "1 mm"\n',
        "skin.layer: name is missing ({dir}/case.toml:3:1)",
        "missing-key",
    ),
    line(
        "name of a layer as number",
        "[[skin.layer]]\nname = 3\n",
        "skin.layer: name: must be text, not a whole number ({dir}/case.toml:4:8)",
        "wrong-kind-of-value",
    ),
    line(
        "name with a blank",
        '[[skin.layer]]\nname = "papillary dermis"\n',
        "skin.layer: name = papillary dermis: must be a lower-case word such as papillary_dermis ({dir}/case.toml:4:8)",
        "layers",
    ),
    line(
        "layer twice",
        '[[skin.layer]]\nname = "papillary_dermis"\n[[skin.layer]]\nname = "papillary_dermis"\n',
        "skin.layer: papillary_dermis is given twice ({dir}/case.toml:6:8)",
        "layers",
    ),
    line(
        "layers out of order",
        '[[skin.layer]]\nname = "papillary_dermis"\n[[skin.layer]]\nname = "stratum_corneum"\n',
        "skin.layer: stratum_corneum is out of order; from the surface down the layers are stratum_corneum, viable_epidermis, papillary_dermis, upper_reticular_dermis, lower_reticular_dermis ({dir}/case.toml:3:1)",
        "layers",
    ),
    line(
        "layer of thickness 0",
        '[[skin.layer]]\nname = "papillary_dermis"\nthickness = "0 um"\n',
        "skin.papillary_dermis.thickness = 0 um: must be between 1 um and 10 mm ({dir}/case.toml:5:13)",
        "out-of-range",
    ),
    line(
        "new layer with holes",
        '[[skin.layer]]\nname = "subcutis"\nthickness = "1 mm"\n',
        "skin.subcutis.tissue: missing; a file without preset, or a new layer, gives every parameter ({dir}/case.toml:4:8)",
        "missing-value",
    ),
    line(
        "layers as one table",
        "[skin]\nlayer = 3\n",
        "skin.layer: must be an array of tables, [[skin.layer]], not a whole number ({dir}/case.toml:4:9)",
        "wrong-kind-of-value",
    ),
    line(
        "list of no tables",
        "[skin]\nlayer = [3]\n",
        "skin.layer: must be an array of tables, [[skin.layer]] ({dir}/case.toml:4:10)",
        "wrong-kind-of-value",
    ),
]

SESSION = '[[session]]\nkind = "treatment"\nat = "0 day"\n'
PROTOCOL = [
    line(
        "no sessions",
        "session = []\n",
        "session: at least one [[session]] is needed ({dir}/case.toml:3:11)",
        "sessions",
    ),
    line(
        "session that is no table",
        "session = 3\n",
        "session: must be an array of tables, [[session]], not a whole number ({dir}/case.toml:3:11)",
        "wrong-kind-of-value",
    ),
    line(
        "session without a time",
        '[[session]]\nkind = "treatment"\n',
        "session 1: at is missing ({dir}/case.toml:3:1)",
        "missing-key",
    ),
    line(
        "session of an unknown kind",
        '[[session]]\nkind = "visit"\nat = "0 day"\n',
        "session 1: kind = visit: must be one of treatment, touch_up ({dir}/case.toml:4:8)",
        "unknown-choice",
    ),
    line(
        "unknown key of a session",
        SESSION + "needle = 3\n",
        "session 1: unknown key needle; the keys here are kind, at, repeat, every, procedure, ink and the aliases of procedure parameters ({dir}/case.toml:6:1)",
        "unknown-key",
    ),
    line(
        "touch-up first",
        '[[session]]\nkind = "touch_up"\nat = "0 day"\n',
        "session 1: kind = touch_up: the first session must be a treatment ({dir}/case.toml:5:6)",
        "sessions",
    ),
    line(
        "negative time",
        '[[session]]\nkind = "treatment"\nat = "-1 day"\n',
        "session 1: at = -1 day: must be between 0 day and 200 year ({dir}/case.toml:5:6)",
        "out-of-range",
    ),
    line(
        "bare time",
        '[[session]]\nkind = "treatment"\nat = 3\n',
        'session 1: at = 3: needs a unit: give a time in day, e.g. "3 day" ({dir}/case.toml:5:6)',
        "missing-unit",
    ),
    line(
        "sessions out of order",
        SESSION + '[[session]]\nkind = "treatment"\nat = "0 day"\n',
        "session 2: at = 0 day: must come after the session before, at 0 day ({dir}/case.toml:8:6)",
        "sessions",
    ),
    line(
        "session beyond the horizon",
        SESSION + '[[session]]\nkind = "touch_up"\nat = "150 year"\n',
        "session 2: at = 54787.5 day: must lie before the horizon, run.horizon = 10 year ({dir}/case.toml:8:6)",
        "sessions",
    ),
    line(
        "touch-up before healing",
        SESSION + '[[session]]\nkind = "touch_up"\nat = "3 day"\n',
        'session 2: at = 3 day: a touch_up must not come before healing, at 42 day; a pass before that belongs to the first course: kind = "treatment" ({dir}/case.toml:8:6)',
        "sessions",
    ),
    line(
        "date without a start",
        '[[session]]\nkind = "treatment"\nat = 2027-03-14\n',
        "session 1: at = 2027-03-14: a date needs the date of the start, e.g. start = 2027-03-14 ({dir}/case.toml:5:6)",
        "date",
    ),
    line(
        "date before the start",
        'start = 2027-03-14\n[[session]]\nkind = "treatment"\nat = 2027-03-13\n',
        "session 1: at = 2027-03-13: must not lie before start = 2027-03-14 ({dir}/case.toml:6:6)",
        "date",
    ),
    line(
        "deposit of a session",
        SESSION + 'depth = "20 um"\n',
        "session 1: procedure.depth = 20 um: must lie inside the dermis, between 67 um and 1565 um here ({dir}/case.toml:5:6)",
        "deposit-outside-the-dermis",
    ),
    line(
        "dose of a session twice",
        SESSION + 'procedure = { local_dose = "1 mg/cm2", patch_dose = "1 mg/cm2" }\n',
        "session 1: procedure.patch_dose: the dose is given twice, also as procedure.local_dose ({dir}/case.toml:6:53)",
        "given-twice",
    ),
    line(
        "span without a beginning",
        '[[exposure]]\nto = "9 day"\nspf = 30\n',
        "exposure 1: from is missing ({dir}/case.toml:3:1)",
        "missing-key",
    ),
    line(
        "span without an end",
        '[[exposure]]\nfrom = "0 day"\nspf = 30\n',
        "exposure 1: to is missing ({dir}/case.toml:3:1)",
        "missing-key",
    ),
    line(
        "span backwards",
        '[[exposure]]\nfrom = "9 day"\nto = "3 day"\n',
        "exposure 1: to = 3 day: must come after from = 9 day ({dir}/case.toml:3:1)",
        "spans",
    ),
    line(
        "empty span",
        '[[exposure]]\nfrom = "3 day"\nto = "3 day"\n',
        "exposure 1: to = 3 day: must come after from = 3 day ({dir}/case.toml:3:1)",
        "spans",
    ),
    line(
        "spans that overlap",
        '[[exposure]]\nfrom = "0 day"\nto = "9 day"\n[[exposure]]\nfrom = "3 day"\nto = "20 day"\n',
        "exposure 2: from = 3 day: overlaps the span before, which ends at 9 day ({dir}/case.toml:6:1)",
        "spans",
    ),
    line(
        "span beyond the horizon",
        '[[exposure]]\nfrom = "0 day"\nto = "150 year"\n',
        "exposure 1: to = 54787.5 day: must not lie beyond the horizon, run.horizon = 10 year ({dir}/case.toml:3:1)",
        "spans",
    ),
    line(
        "unknown key of a span",
        '[[exposure]]\nfrom = "0 day"\nto = "9 day"\nsfp = 30\n',
        "exposure 1: unknown key sfp (did you mean spf?); the keys here are from, to, latitude, ambient_share, site_factor, hat, spf, adherence, spf_effectiveness ({dir}/case.toml:6:1)",
        "unknown-key",
    ),
    line(
        "sunscreen below 1",
        '[[exposure]]\nfrom = "0 day"\nto = "9 day"\nspf = 0\n',
        "exposure 1: exposure.spf = 0: must be between 1 and 200 ({dir}/case.toml:6:7)",
        "out-of-range",
    ),
    line(
        "unknown regime",
        '[[aftercare]]\nregime = "lavish"\n',
        "aftercare 1: aftercare = lavish: must be one of poor, typical, careful ({dir}/case.toml:4:10)",
        "unknown-choice",
    ),
    line(
        "regime beyond its end",
        '[[aftercare]]\nfrom = "0 day"\nto = "9 year"\nregime = "poor"\n',
        "aftercare 1: aftercare = poor: the regime describes the first 42 day only; give later spans field by field ({dir}/case.toml:6:10)",
        "spans",
    ),
    line(
        "unknown dressing",
        '[[aftercare]]\nfrom = "0 day"\nto = "9 day"\ndressing = "wet"\n',
        "aftercare 1: dressing = wet: must be one of dry, moist, occlusive ({dir}/case.toml:6:12)",
        "unknown-choice",
    ),
    line(
        "washing above 1",
        '[[aftercare]]\nfrom = "0 day"\nto = "9 day"\nwashing = 2\n',
        "aftercare 1: washing = 2: must be between 0 and 1 ({dir}/case.toml:6:11)",
        "out-of-range",
    ),
    line(
        "aftercare by date",
        '[[aftercare]]\nfrom = 2027-03-14\nto = "9 day"\n',
        'aftercare 1: from: must be a time since the session such as "14 day", not a date ({dir}/case.toml:4:8)',
        "date",
    ),
    line(
        "aftercare that overlaps",
        '[[aftercare]]\nfrom = "0 day"\nto = "9 day"\n[[aftercare]]\nfrom = "3 day"\nto = "20 day"\n',
        "aftercare 2: from = 3 day: overlaps the span before, which ends at 9 day ({dir}/case.toml:6:1)",
        "spans",
    ),
]


def unreadable(_: Bench) -> object:
    with open_folder() as folder, as_nobody():
        return ink.Scenario.from_file(folder / "secret.toml")


def fifo(b: Bench, name: str = "pipe.toml") -> str:
    os.mkfifo(b.dir / name)
    return str(b.dir / name)


def path(name: str, provoke, message: str, entry: str) -> Bad:
    return Bad(name, provoke, message, entry, ink.FileError)


PATHS = [
    path(
        "no file",
        lambda b: ink.Scenario.from_file(b.dir / "missing.toml"),
        "{dir}/missing.toml: there is no such file",
        "no-such-file",
    ),
    path(
        "a folder", lambda b: ink.Scenario.from_file(b.dir), "{dir}: is a directory, not a scenario file", "not-a-file"
    ),
    path("a pipe", lambda b: ink.Scenario.from_file(fifo(b)), "{dir}/pipe.toml: is not a regular file", "not-a-file"),
    path("a device", lambda _: ink.Scenario.from_file("/dev/zero"), "/dev/zero: is not a regular file", "not-a-file"),
    path("no path", lambda _: ink.Scenario.from_file(""), ".: is a directory, not a scenario file", "not-a-file"),
    path(
        "a link to nowhere",
        lambda b: (b.dir / "l.toml").symlink_to("gone") or ink.Scenario.from_file(b.dir / "l.toml"),
        "{dir}/l.toml: there is no such file",
        "no-such-file",
    ),
    path(
        "a file as folder",
        lambda b: ink.Scenario.from_file(b.file("a.toml") / "b.toml"),
        "{dir}/a.toml/b.toml: there is no such file",
        "no-such-file",
    ),
    path(
        "a name too long",
        lambda b: ink.Scenario.from_file(b.dir / ("x" * 300)),
        "{dir}/{any}: cannot be opened: File name too long",
        "cannot-open",
    ),
    path("no permission", unreadable, "{any}/secret.toml: cannot be opened: Permission denied", "no-permission"),
    Bad(
        "path by number", lambda _: ink.Scenario.from_file(3), "path = 3: must be text or a pathlib.Path", "wrong-path"
    ),
    Bad(
        "path with NUL",
        lambda _: ink.Scenario.from_file("a\0b"),
        "path = 'a\\x00b': must not hold a NUL character",
        "wrong-path",
    ),
    Bad("text by number", lambda _: ink.Scenario.from_toml(3), "from_toml takes TOML text, got int", "wrong-path"),
    path(
        "saved to no folder",
        lambda b: b.smp.save(b.dir / "nowhere" / "x.toml"),
        "cannot write '{dir}/nowhere/x.toml': there is no folder '{dir}/nowhere'; make it first",
        "no-folder",
    ),
    path(
        "saved over a file",
        lambda b: b.smp.save(b.file("x.toml")),
        "cannot write '{dir}/x.toml': it is already there and was left as it is; give another name or allow overwriting",
        "output-exists",
    ),
    path(
        "saved to a folder",
        lambda b: b.smp.save(b.dir),
        "cannot write '{dir}': it is a folder, not a file; nothing was changed",
        "cannot-write",
    ),
    path(
        "saved to a full disk",
        lambda b: b.smp.save("/dev/full"),
        "cannot write '/dev/full': it is a device, not a file; nothing was changed",
        "cannot-write",
    ),
]

ROWS = [*TEXTS, *KEYS, *VALUES, *LAYERS, *PROTOCOL, *PATHS]


@each(ROWS)
def test_a_bad_file_is_named_with_line_and_column(row, tmp_path, record_property):
    check(row, tmp_path, record_property)
