import { Type } from "typebox";
import { criterionStatuses, type Decision, findingKinds } from "./decision.ts";
import { type Shape, shapeOf } from "./shape.ts";

const text = Type.String();
const finding = Type.Object({
  kind: Type.Enum([...findingKinds]),
  criteria: Type.Array(text),
  reason: text,
  file: text,
  field: text,
  measured: text,
  required: text,
  command: text,
});
const result = Type.Object({
  criterion: text,
  status: Type.Enum([...criterionStatuses]),
  file: text,
  measured: text,
  required: text,
});

/** What a decision file must be, for whoever reads one. */
export const decisionShape: Shape<Decision> = shapeOf(
  Type.Object({
    version: Type.Literal(1),
    recommendation: Type.Enum(["GO", "CONTINUE_VALIDATION", "NO_GO"]),
    exit_code: Type.Integer({ minimum: 0 }),
    decided_at: Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT" }),
    go_criteria_met: Type.Integer({ minimum: 0 }),
    go_criteria_total: Type.Integer({ minimum: 0 }),
    readiness_percentage: Type.Number({ minimum: 0, maximum: 100 }),
    criteria: Type.Array(result),
    no_go_triggers: Type.Array(result),
    blocking_issues: Type.Array(finding),
    waived_issues: Type.Array(finding),
    warnings: Type.Array(text),
    files: Type.Array(text),
  }),
);
