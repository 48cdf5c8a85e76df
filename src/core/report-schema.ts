import { type TSchema, Type } from "typebox";
import { proxyKinds, proxyOrigins } from "./link-proxy.ts";
import { units } from "./measurement.ts";
import { type Report, reportVersion, type RunInfo } from "./report.ts";
import { chaosClasses, comparators } from "./scenario.ts";
import { closed } from "./schema-parts.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { verdictStatuses } from "./verdict.ts";

const text = Type.String();
const said = Type.String({ minLength: 1 });
const orNull = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()]);
const time = Type.Number();
const span = Type.Number({ minimum: 0 });
const whole = Type.Integer({ minimum: 0 });
/** Two values; `Type.Tuple` writes an older dialect of JSON Schema. */
const pair = (first: TSchema, second: TSchema): TSchema =>
  Type.Unsafe({ type: "array", prefixItems: [first, second], items: false, minItems: 2, maxItems: 2 });
const digestText = Type.String({ pattern: "^[0-9a-f]{64}$" });
const stamp = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$" });

/** A seal, as `sealed` writes it. */
export const sealText = Type.String({ pattern: "^sha256:[0-9a-f]{64}$" });

const track = Type.Object(
  {
    subject: text,
    from: pair(time, time),
    looks: Type.Array(pair(time, Type.Boolean())),
    holdMs: span,
  },
  closed,
);
const named = { measure: said, unit: Type.Enum([...units]) };
const tracks = Type.Optional(Type.Array(track));
const spread = Type.Optional(Type.Object({ lengths: Type.Array(pair(span, whole)), endless: whole }, closed));
const perSecond = Type.Optional(Type.Array(whole));

/** A measurement as it stands in a report. */
export const measurementSchema = Type.Union([
  Type.Object(
    {
      kind: Type.Literal("measured"),
      ...named,
      low: span,
      high: span,
      resolutionMs: orNull(span),
      samples: whole,
      note: text,
      tracks,
      spread,
      perSecond,
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal("beyond"), ...named, atLeast: span, note: text, tracks, spread }, closed),
  Type.Object({ kind: Type.Literal("not-measured"), ...named, reason: text }, closed),
]);

const evidence = Type.Object(
  {
    text: said,
    operations: Type.Optional(Type.Array(whole)),
    nodes: Type.Optional(Type.Array(text)),
    terms: Type.Optional(Type.Array(Type.Integer())),
    atMs: Type.Optional(Type.Array(time)),
  },
  closed,
);
const verdict = Type.Union([
  Type.Object(
    { check: said, status: Type.Enum(["pass", "fail"]), evidence: Type.Array(evidence, { minItems: 1 }) },
    closed,
  ),
  Type.Object({ check: said, status: Type.Literal("unknown"), reason: text, evidence: Type.Array(evidence) }, closed),
]);

const lineNumber = Type.Integer({ minimum: 1 });

/** Of a plan, what is judged by. The rest may be anything: its digest says whether it is the plan that was run. */
const plan = Type.Object({
  version: Type.Literal(1),
  scenario: Type.Object({ name: said, title: text, class: Type.Enum([...chaosClasses]) }, closed),
  variant: Type.Object({ name: said, title: text }, closed),
  profile: text,
  seed: text,
  seriesSeed: text,
  repetition: Type.Integer({ minimum: 1 }),
  repetitions: Type.Integer({ minimum: 1 }),
  nodes: Type.Array(text, { minItems: 1 }),
  timeline: Type.Array(Type.Object({ kind: text }), { minItems: 1 }),
  steadyState: Type.Object({ probes: Type.Array(text), holdMs: span, limitMs: span }, closed),
  checks: Type.Array(said),
  expectations: Type.Array(
    Type.Object({ text: said, measure: said, comparator: Type.Enum([...comparators]), limit: Type.Number() }, closed),
  ),
  abort: Type.Array(Type.Object({ text: said })),
  source: Type.Object(
    { file: said, digest: digestText, line: lineNumber, lines: Type.Record(Type.String(), lineNumber) },
    closed,
  ),
  digest: digestText,
});

const runFields = {
  id: said,
  series: said,
  planned: Type.Integer({ minimum: 1 }),
  startedAt: stamp,
  reproduce: said,
  tool: Type.Object({ version: text, node: text, platform: text }, closed),
  commit: orNull(said),
  attempt: orNull(Type.Integer({ minimum: 1 })),
  proxy: orNull(Type.Object({ kind: Type.Enum([...proxyKinds]), by: Type.Enum([...proxyOrigins]) }, closed)),
};
const run = Type.Object({ ...runFields, finishedAt: stamp }, closed);

/** What run.json says of a run, from its begin on. */
export const runShape: Shape<RunInfo> = shapeOf(
  Type.Object({ ...runFields, finishedAt: Type.Optional(stamp) }, closed),
);

/** A report of this version, as `run` writes it. */
export const reportSchema = Type.Object(
  {
    version: Type.Literal(reportVersion),
    run,
    historyDigest: orNull(digestText),
    plan,
    status: Type.Enum([...verdictStatuses]),
    measurements: Type.Array(measurementSchema),
    verdicts: Type.Array(verdict),
    traffic: Type.Object(
      { ok: whole, fail: whole, info: whole, okDuringFaults: whole, besideDuringFaults: Type.Optional(whole) },
      closed,
    ),
    faults: Type.Array(
      Type.Object(
        {
          fault: said,
          startedMs: time,
          injectedMs: time,
          observed: Type.Boolean(),
          healStartedMs: orNull(time),
          healedMs: orNull(time),
          cast: Type.Record(Type.String(), Type.Array(text)),
        },
        closed,
      ),
    ),
    seal: sealText,
  },
  closed,
);

/** What a report.json must be, throughout: of this version, of the right types; compiled when first used. */
export const reportShape: Shape<Report> = shapeOf(reportSchema);
