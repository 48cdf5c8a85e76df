import { Type } from "typebox";
import { type ChaosFile, contractVersion, type PerformanceFile } from "./contract.ts";
import { measurementSchema, reportSchema, sealText } from "./report-schema.ts";
import { chaosClasses } from "./scenario.ts";
import { closed } from "./schema-parts.ts";
import { type Shape, shapeOf } from "./shape.ts";

const text = Type.String();
const said = Type.String({ minLength: 1 });
const whole = Type.Integer({ minimum: 0 });
const className = Type.Enum([...chaosClasses]);

const unjudged = Type.Object(
  {
    run: said,
    variant: said,
    repetition: Type.Integer({ minimum: 1 }),
    reason: text,
    reproduce: said,
    expected: Type.Array(said),
  },
  closed,
);

const series = Type.Object(
  {
    scenario: said,
    series: said,
    planned: whole,
    runs: Type.Array(Type.Object({ run: said, isRecovered: Type.Boolean(), reason: text }, closed)),
    brokenOff: Type.Array(unjudged),
    reports: Type.Array(reportSchema),
  },
  closed,
);

const chaosSchema = Type.Object(
  {
    version: Type.Literal(contractVersion),
    recovery_successful: Type.Boolean(),
    class: className,
    series: Type.Array(series),
    seal: sealText,
  },
  closed,
);

const seconds = Type.Optional(Type.Number({ minimum: 0 }));
const reason = Type.Optional(said);
const sources = Type.Array(
  Type.Object(
    {
      class: className,
      scenario: said,
      series: said,
      run: said,
      measurement: Type.Union([...measurementSchema.anyOf, Type.Null()]),
    },
    closed,
  ),
);

const performanceSchema = Type.Object(
  {
    version: Type.Literal(contractVersion),
    failover_time: seconds,
    failover_time_reason: reason,
    p2p_connection_time: seconds,
    p2p_connection_time_reason: reason,
    conflict_resolution_time: seconds,
    conflict_resolution_time_reason: reason,
    rests_on: Type.Object(
      { failover_time: sources, p2p_connection_time: sources, conflict_resolution_time: sources },
      closed,
    ),
    seal: sealText,
  },
  closed,
);

/** What a `chaos_<class>.json` must be, throughout; compiled when first used. */
export const chaosShape: Shape<ChaosFile> = shapeOf(chaosSchema);
/** The same of `performance.json`. */
export const performanceShape: Shape<PerformanceFile> = shapeOf(performanceSchema);
