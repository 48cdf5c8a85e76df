import { Chalk, type ChalkInstance } from "chalk";
import { wantsNoColour } from "../core/environment.ts";

/** Colours where the terminal shows them and nobody refused them (NO_COLOR). A word always stands beside a colour. */
export const colour: ChalkInstance = wantsNoColour() ? new Chalk({ level: 0 }) : new Chalk();
