import { passThrough } from "../stage.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/** New connections are refused (the port is closed) until the toxic is removed; those that are there go on. A real Toxiproxy does not have it. */
export const refuse: ToxicKind<never> = {
  attributes: [],
  closesPort: true,
  openStage: ({ output }) => passThrough(output),
};
