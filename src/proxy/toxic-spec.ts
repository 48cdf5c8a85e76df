import { ApiError } from "./api-error.ts";
import type { Fields } from "./fields.ts";
import type { ToxicKind } from "./toxic-kind.ts";
import { type Direction, type Toxic, type ToxicBounds, type ToxicChange, type ToxicSpec, unbounded } from "./toxic.ts";
import { toxicKinds } from "./toxics/index.ts";

const kinds: ReadonlyMap<string, ToxicKind> = new Map(Object.entries<ToxicKind>(toxicKinds));

/**
 * A toxic from a request, with the defaults of the real one: stream `downstream`, name `<type>_<stream>`, toxicity 1, attributes 0.
 * `isTaken` is asked before the attributes are looked at, as there. Attributes that the real one dies of are refused. Throws `ApiError` 400 or 409.
 */
export function parseToxic(
  fields: Fields,
  isTaken: (name: string) => boolean,
  bounds: ToxicBounds = unbounded,
): ToxicSpec {
  const stream = fields.text("stream", "downstream");
  const type = fields.text("type", "");
  const toxicity = fields.number("toxicity", 1);
  const sentName = fields.text("name", "");
  const direction = directionOf(stream);
  const kind = kinds.get(type);
  if (kind === undefined) throw new ApiError(400, "invalid toxic type");
  const name = sentName === "" ? `${type}_${stream}` : sentName;
  if (isTaken(name)) throw new ApiError(409, "toxic already exists");
  const sent = fields.object("attributes", type);
  const attributes = attributesOf(kind, sent, (attribute) => kind.absent?.[attribute] ?? 0);
  return { attributes, name, type, stream, toxicity, direction, kind, bounds };
}

/** A change from a request: attributes are merged, what is absent stays. Throws `ApiError` 400; nothing has changed then, unlike in the real one. */
export function parseToxicChange(fields: Fields, toxic: Toxic): ToxicChange {
  const { kind, type } = toxic.spec;
  const sent = fields.object("attributes", type);
  return {
    attributes: attributesOf(kind, sent, (attribute) => toxic.setting(attribute)),
    toxicity: fields.number("toxicity", toxic.toxicity),
  };
}

function attributesOf(
  kind: ToxicKind,
  sent: Fields,
  absent: (name: string) => number,
): Readonly<Record<string, number>> {
  const known = new Set(sent.names());
  const extras = (kind.extras ?? []).filter((name) => known.has(name) || absent(name) !== 0);
  const valueOf = (name: string): number =>
    kind.fractions?.includes(name) === true ? sent.number(name, absent(name)) : sent.integer(name, absent(name));
  const attributes = Object.fromEntries([...kind.attributes, ...extras].map((name) => [name, valueOf(name)]));
  const flaw = kind.flaw?.((name) => attributes[name] ?? 0) ?? null;
  if (flaw !== null) throw new ApiError(400, `invalid attributes of ${sent.struct}: ${flaw}`);
  return attributes;
}

function directionOf(stream: string): Direction {
  const direction = stream.toLowerCase();
  if (direction === "upstream" || direction === "downstream") return direction;
  throw new ApiError(400, "stream was invalid, can be either upstream or downstream");
}
