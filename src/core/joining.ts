import { isList } from "./json.ts";
import { livePeers, type Sample, sampleValue } from "./probe.ts";

/** A peer counts as connected if something was heard of it this recently, in ms. */
const freshMs = 2500;
/** So many peers must a new agent have, or all that there are (spec/1-mission, "P2P connection"). */
const leastPeers = 3;

/** Who joins, when it was told to, and who is in the swarm then, itself among them. */
export interface Joining {
  readonly node: string;
  readonly askedMs: number;
  readonly members: readonly string[];
}

/**
 * Follows what nodes say of their peers and of the members, and tells whether an agent has joined: it has 3 peers (or all there are), and a
 * majority of the members list it. Samples that were asked for before it was told to join do not count.
 */
export class JoinWatch {
  readonly node: string;
  readonly #joining: Joining;
  readonly #members: ReadonlySet<string>;
  readonly #listedBy = new Set<string>();
  #peers = 0;

  constructor(joining: Joining) {
    this.node = joining.node;
    this.#joining = joining;
    this.#members = new Set(joining.members);
  }

  get isConnected(): boolean {
    const { members } = this.#joining;
    return this.#peers >= Math.min(leastPeers, members.length - 1) && this.#listedBy.size > members.length / 2;
  }

  /** For people: what is there and what is missing. */
  get standing(): string {
    return `${this.#peers} peers, listed by ${this.#listedBy.size} of ${this.#joining.members.length} members`;
  }

  /** Takes a sample in; says whether it tells something of this join. */
  feed(sample: Sample): boolean {
    if (sample.sentMs < this.#joining.askedMs || !this.#members.has(sample.node)) return false;
    if (sample.probe === "peers" && sample.node === this.node) {
      this.#peers = livePeers(sample, freshMs)?.length ?? 0;
      return true;
    }
    const members = sampleValue(sample, "members");
    if (sample.probe !== "members" || !isList(members)) return false;
    if (members.includes(this.node)) this.#listedBy.add(sample.node);
    else this.#listedBy.delete(sample.node);
    return true;
  }
}
