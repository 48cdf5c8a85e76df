import { amountPoints } from "./amount-points.ts";
import { apiPoints } from "./api-points.ts";
import { closingPoints } from "./closing-points.ts";
import { connectionPoints } from "./connection-points.ts";
import { delayPoints } from "./delay-points.ts";
import type { Point } from "./point.ts";
import { populatePoints } from "./populate-points.ts";
import { proxyPoints } from "./proxy-points.ts";
import { toxicPoints } from "./toxic-points.ts";

/** Every point, in the order of its number. */
export const points: readonly Point[] = [
  ...apiPoints,
  ...proxyPoints,
  ...populatePoints,
  ...toxicPoints,
  ...connectionPoints,
  ...delayPoints,
  ...closingPoints,
  ...amountPoints,
].toSorted((left, right) => left.number - right.number);
