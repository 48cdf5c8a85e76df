import { printable } from "../core/printable.ts";

/** How the delivery to one place ended. */
interface Told {
  readonly to: string;
  readonly isDelivered: boolean;
  readonly attempts: number;
  readonly body: string;
  readonly problem: string;
}

/** A line for each place: whether it took what it was told, and if not, why. */
export function publishText(delivered: readonly Told[]): string {
  if (delivered.length === 0) return "Everything is there already.";
  const lines = [...Map.groupBy(delivered, ({ to }) => to)].flatMap(([to, all]) => {
    const taken = all.filter(({ isDelivered }) => isDelivered);
    const tries = all.reduce((sum, { attempts }) => sum + attempts, 0);
    const after = tries > all.length ? `, after ${tries} attempts` : "";
    const failed = all.filter(({ isDelivered }) => !isDelivered);
    return [
      ...(taken.length === 0
        ? []
        : [`PUBLISHED  to ${to}${taken.length > 1 ? `: ${taken.length} messages` : ""}${after}`]),
      ...failed.slice(0, 3).map(({ problem, attempts, body }) => {
        const said = body === "" ? "" : ` It says: ${printable(body.slice(0, 200))}`;
        return `NOT PUBLISHED  to ${to}: ${printable(problem)}, ${attempts} ${attempts === 1 ? "attempt" : "attempts"}.${said}`;
      }),
    ];
  });
  return lines.join("\n");
}
