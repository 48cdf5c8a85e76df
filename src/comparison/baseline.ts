import { Type } from "typebox";
import { units } from "../core/measurement.ts";
import { sealed } from "../core/report.ts";
import { sealText } from "../core/report-schema.ts";
import { closed } from "../core/schema-parts.ts";
import { type Shape, shapeOf } from "../core/shape.ts";
import { verdictStatuses } from "../core/verdict.ts";
import type { Group } from "./sample-set.ts";

/** Runs that later ones are held against, small enough to be kept beside the code. */
export interface Baseline {
  readonly version: 1;
  readonly baseline: string;
  /** RFC 3339. */
  readonly savedAt: string;
  readonly groups: readonly Group[];
  readonly seal: string;
}

/** The baseline of these runs. */
export function baselineOf(name: string, savedAt: string, groups: readonly Group[]): Baseline {
  return sealed({ version: 1, baseline: name, savedAt, groups });
}

const said = Type.String({ minLength: 1 });
const span = Type.Number({ minimum: 0 });

const group = Type.Object(
  {
    scenario: said,
    variant: said,
    conditions: Type.Record(Type.String(), Type.String()),
    measures: Type.Record(Type.String(), Type.Object({ unit: Type.Enum([...units]), resolution: span }, closed)),
    samples: Type.Array(
      Type.Object(
        {
          run: said,
          commit: Type.Union([said, Type.Null()]),
          status: Type.Enum([...verdictStatuses]),
          values: Type.Record(Type.String(), Type.Union([span, Type.Literal("endless")])),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  closed,
);

/** What a baseline's file must be. */
export const baselineShape: Shape<Baseline> = shapeOf(
  Type.Object(
    {
      version: Type.Literal(1),
      baseline: said,
      savedAt: said,
      groups: Type.Array(group, { minItems: 1 }),
      seal: sealText,
    },
    closed,
  ),
);
