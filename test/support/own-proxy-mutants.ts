import type { Mutant, NamedTests } from "./proxy-mutants.ts";

/** Faults in the toxics, bounds and routes that Toxiproxy does not have, caught by the tests that stand beside them. */
export const ownMutants: readonly Mutant[] = [
  {
    what: "blackhole passes bytes",
    file: "toxics/blackhole.ts",
    edits: [["take: () => {},", ""]],
    tests: titled("connection", "A blackhole loses everything, a close too; removing it closes the connection."),
  },
  {
    what: "blackhole passes a close",
    file: "toxics/blackhole.ts",
    edits: [["end: () => {},", ""]],
    tests: titled("connection", "A blackhole loses everything, a close too; removing it closes the connection."),
  },
  {
    what: "blackhole does not close when it is removed",
    file: "toxics/blackhole.ts",
    edits: [["removed: () => output.endByToxic(),", ""]],
    tests: titled("connection", "A blackhole loses everything, a close too; removing it closes the connection."),
  },
  {
    what: "refuse leaves the port open",
    file: "toxics/refuse.ts",
    edits: [["closesPort: true,", ""]],
    tests: titled("connection", "Refuse closes the port and spares live connections; the same port opens again."),
  },
  {
    what: "refuse closes live connections",
    file: "tcp-proxy.ts",
    edits: [
      [
        "if (toxic.spec.kind.closesPort === true) this.#closePort();",
        "if (toxic.spec.kind.closesPort === true) { this.#closePort(); this.#each((connection) => connection.destroy()); }",
      ],
    ],
    tests: titled("connection", "Refuse closes the port and spares live connections; the same port opens again."),
  },
  {
    what: "refuse leaves the port closed when it is removed",
    file: "tcp-proxy.ts",
    edits: [["toxic.spec.kind.closesPort === true && this.#isEnabled", "toxic.spec.kind.closesPort === false"]],
    tests: titled("connection", "Refuse closes the port and spares live connections; the same port opens again."),
  },
  {
    what: "a proxy is enabled in spite of a refusal",
    file: "tcp-proxy.ts",
    edits: [
      ["if (this.#listener !== null || this.#isRefusing()) return;", "if (this.#listener !== null) return;"],
      ["if (!this.#isEnabled || this.#isRefusing()) this.#closePort();", ""],
    ],
    tests: titled(
      "connection",
      "A disabled proxy is not opened by the end of a refusal, and an enabled one not in spite of one.",
    ),
  },
  {
    what: "a disabled proxy is opened by the end of a refusal",
    file: "tcp-proxy.ts",
    edits: [["toxic.spec.kind.closesPort === true && this.#isEnabled", "toxic.spec.kind.closesPort === true"]],
    tests: titled(
      "connection",
      "A disabled proxy is not opened by the end of a refusal, and an enabled one not in spite of one.",
    ),
  },
  {
    what: "accept_stall holds nothing",
    file: "toxics/accept-stall.ts",
    edits: [["let letGo = output.hold();", "let letGo: (() => void) | null = null;"]],
    tests: titled(
      "connection",
      "A stall of accepting lets live connections go on and new ones wait, without an upstream, until it is lifted.",
    ),
  },
  {
    what: "accept_stall reads what the client sends",
    file: "toxics/accept-stall.ts",
    edits: [["isFull: () => letGo !== null,", ""]],
    tests: titled(
      "connection",
      "A stall of accepting lets live connections go on and new ones wait, without an upstream, until it is lifted.",
    ),
  },
  {
    what: "accept_stall holds live connections",
    file: "toxics/accept-stall.ts",
    edits: [["isFull: () => letGo !== null,", "isFull: () => true,"]],
    tests: titled(
      "connection",
      "A stall of accepting lets live connections go on and new ones wait, without an upstream, until it is lifted.",
    ),
  },
  {
    what: "accept_stall never lets go",
    file: "toxics/accept-stall.ts",
    edits: [["letGo?.();", ""]],
    tests: titled(
      "connection",
      "A stall of accepting lets live connections go on and new ones wait, without an upstream, until it is lifted.",
    ),
  },
  {
    what: "stall goes on reading",
    file: "toxics/stall.ts",
    edits: [["isFull: () => true,", ""]],
    tests: titled("connection", "A stall makes the sender wait, and everything arrives afterwards."),
  },
  {
    what: "stall loses what it holds",
    file: "toxics/stall.ts",
    edits: [["of waiting.splice(0)) {", "of waiting.splice(0, 0)) {"]],
    tests: titled(
      "toxics/stall",
      "What a stall still gets waits, the end too, and leaves in order when the stall is lifted.",
    ),
  },
  {
    what: "stall passes a close",
    file: "toxics/stall.ts",
    edits: [["end: (kind) => void waiting.push(kind),", ""]],
    tests: titled(
      "toxics/stall",
      "What a stall still gets waits, the end too, and leaves in order when the stall is lifted.",
    ),
  },
  {
    what: "stall closes when it is removed",
    file: "toxics/stall.ts",
    edits: [["isFull: () => true,", "isFull: () => true, removed: () => output.endByToxic(),"]],
    tests: titled(
      "connection",
      "A stall of both directions keeps every byte and closes nothing, on live and new connections.",
    ),
  },
  {
    what: "reset closes with FIN",
    file: "toxics/reset.ts",
    edits: [["output.reset();", "output.endByToxic();"]],
    tests: titled(
      "connection",
      "A reset gives ECONNRESET to both sides of idle live connections, and to new ones, until it is removed.",
    ),
  },
  {
    what: "reset waits for bytes",
    file: "toxics/reset.ts",
    edits: [
      [
        "output.reset();\n    return passThrough(output);",
        "return { ...passThrough(output), take: () => output.reset() };",
      ],
    ],
    tests: titled(
      "connection",
      "A reset gives ECONNRESET to both sides of idle live connections, and to new ones, until it is removed.",
    ),
  },
  {
    what: "corrupt changes nothing",
    file: "toxics/corrupt.ts",
    edits: [["output.pass(altered(chunk, random))", "output.pass(chunk)"]],
    tests: titled("toxics/corrupt", "A rate of 0 alters nothing, one of a million everything."),
  },
  {
    what: "corrupt changes every chunk",
    file: "toxics/corrupt.ts",
    edits: [['random.fraction() * whole < setting("rate")', "random.fraction() * whole < whole"]],
    tests: titled("toxics/corrupt", "A rate of 0 alters nothing, one of a million everything."),
  },
  {
    what: "corrupt takes a byte away",
    file: "toxics/corrupt.ts",
    edits: [["Buffer.from(chunk)", "Buffer.from(chunk.subarray(1))"]],
    tests: titled("toxics/corrupt", "A rate of 0 alters nothing, one of a million everything."),
  },
  {
    what: "corrupt ignores its seed",
    file: "toxics/corrupt.ts",
    edits: [['String(setting("seed"))', '"0"']],
    tests: titled(
      "toxics/corrupt",
      "A share of the chunks has one other byte, the same ones for the same seed; what was sent is left as it is.",
    ),
  },
  {
    what: "bandwidth_shared gives each connection a line of its own",
    file: "toxics/bandwidth-shared.ts",
    edits: [["line ??= new SlowLine", "line = new SlowLine"]],
    tests: titled("toxics/bandwidth-shared", "Connections have the rate together, and each gets its share."),
  },
  {
    what: "bandwidth_shared is opened anew for each connection",
    file: "toxic.ts",
    edits: [
      [
        "spec.kind.share?.() ?? ((context) => spec.kind.openStage(context))",
        "(context) => spec.kind.openStage(context)",
      ],
    ],
    tests: titled("connection", "Connections under one shared bandwidth have its rate together."),
  },
  {
    what: "bandwidth_shared gives nobody else a turn",
    file: "slow-line.ts",
    edits: [
      [
        "if (head.queue.length > 0) this.#waiting.push(head);",
        "if (head.queue.length > 0) this.#waiting.unshift(head);",
      ],
    ],
    tests: titled("toxics/bandwidth-shared", "Connections have the rate together, and each gets its share."),
  },
  {
    what: "packet_loss ignores its correlation",
    file: "toxics/packet-loss.ts",
    edits: [['random().fraction() < setting("correlation")', "random().fraction() < 0"]],
    tests: titled(
      "toxics/packet-loss",
      "The share that is lost is the rate, with and without correlation; correlation makes bursts longer.",
    ),
  },
  {
    what: "the seed of latency is ignored",
    file: "toxics/latency.ts",
    edits: [
      ['(setting("seed") === 0 ? context.random() : seeded())', '(setting("seed") < 0 ? seeded() : context.random())'],
    ],
    tests: titled("toxics/latency", "A seed of its own gives the same delays again, another seed others."),
  },
  {
    what: "forMs is ignored",
    file: "toxic-list.ts",
    edits: [["if (forMs === null) return;", "if (forMs !== 0) return;"]],
    tests: titled("connection", "A toxic that is bounded in time goes by itself, and is gone from the list."),
  },
  {
    what: "a toxic that is sent again keeps its time",
    file: "toxic-list.ts",
    edits: [
      ["this.#expireAfter(spec.bounds.forMs, toxic);\n    this.change(toxic, spec);", "this.change(toxic, spec);"],
    ],
    tests: titled("connection", "A bounded toxic that is sent again has its time anew, and none if none is sent."),
  },
  {
    what: "the end of a toxic's time is told as a removal",
    file: "toxic-list.ts",
    edits: [
      ['timer.set(forMs, () => this.remove(toxic, "toxic-expired"));', "timer.set(forMs, () => this.remove(toxic));"],
    ],
    tests: titled("connection", "A toxic that is bounded in time goes by itself, and is gone from the list."),
  },
  {
    what: "a toxic that was removed ends a second time",
    file: "toxic-list.ts",
    edits: [["this.#expireAfter(null, toxic);", ""]],
    tests: titled("toxic-list", "A toxic that is removed before its time does not end a second time."),
  },
  {
    what: "firstConnections is ignored",
    file: "toxic.ts",
    edits: [["if (this.#connectionsLeft === null) return true;", "return true;"]],
    tests: titled(
      "connection",
      "The first N connections fail, those that are there already and those after them do not.",
    ),
  },
  {
    what: "firstConnections counts those that are there already",
    file: "toxic.ts",
    edits: [
      ["if (!isFresh || this.#connectionsLeft === 0) return false;", "if (this.#connectionsLeft === 0) return false;"],
    ],
    tests: titled(
      "connection",
      "The first N connections fail, those that are there already and those after them do not.",
    ),
  },
  {
    what: "a toxic's own seed is ignored",
    file: "toxic.ts",
    edits: [["return seed === null ?", 'return seed !== "" ?']],
    tests: titled("connection", "A seed of its own makes a toxic hit the same connections on every proxy."),
  },
  {
    what: "an apply that fails half-way leaves half of it applied",
    file: "apply-change.ts",
    edits: [["return { proxy, spec };", "add(proxy, spec); return { proxy, spec };"]],
    tests: titled("serve", 'Apply of {"add":[{"proxy":"alpha"}]} is refused as a whole, and the entry is named.'),
  },
  {
    what: "an apply removes before it adds",
    file: "apply-change.ts",
    edits: [
      ["for (const { proxy, spec } of additions) add(proxy, spec);", ""],
      [
        "remove(fleet.find(proxy), name);",
        "remove(fleet.find(proxy), name);\n  for (const { proxy, spec } of additions) add(proxy, spec);",
      ],
    ],
    tests: titled(
      "connection",
      "What a toxic held when it was removed meets the one that takes its place in the same change.",
    ),
  },
  {
    what: "an apply takes unknown fields",
    file: "apply-change.ts",
    edits: [["if (unknown !== undefined) throw", "if (unknown === null) throw"]],
    tests: titled("serve", 'Apply of {"add":[],"heal":[]} is refused as a whole, and the entry is named.'),
  },
  {
    what: "closes are not counted by their cause",
    file: "tcp-proxy.ts",
    edits: [["this.#closed[cause] += 1;", ""]],
    tests: titled("connection", "A connection that ends by client-closed is counted and told as such."),
  },
  {
    what: "the last cause of a close is told, not the first",
    file: "connection.ts",
    edits: [["this.#closing ??= {", "this.#closing = {"]],
    tests: titled("connection", "A connection that ends by client-closed is counted and told as such."),
  },
  {
    what: "an unreachable upstream counts as a reset by it",
    file: "connection.ts",
    edits: [['isConnected ? "server-reset" : "unreachable"', '"server-reset"']],
    tests: titled("connection", "An upstream that cannot be reached is counted as that."),
  },
  {
    what: "the toxic that closed a connection is not told",
    file: "connection.ts",
    edits: [["toxic: toxic?.spec.name ?? null", "toxic: null"]],
    tests: titled("connection", "A connection that ends by toxic is counted and told as such."),
  },
  {
    what: "chunks are not counted",
    file: "flow.ts",
    edits: [["this.#chunks += 1;", ""]],
    tests: titled("connection", "Bytes pass both ways, and the counters are live."),
  },
  {
    what: "the counters forget connections that are over",
    file: "tcp-proxy.ts",
    edits: [["this.#past[direction] = sumOfTraffic(this.#past[direction], both[direction]);", ""]],
    tests: titled("connection", "A half-close is kept: the answer to a client that has ended arrives."),
  },
  {
    what: "events are not sent",
    file: "events.ts",
    edits: [["for (const listener of this.#listeners) listener(told);", ""]],
    tests: titled("connection", "A connection that ends by client-closed is counted and told as such."),
  },
  {
    what: "changes of toxics are not told",
    file: "toxic-list.ts",
    edits: [["this.#instruments.events.tell(this.#proxy, () => ({ event, toxic: toxic.toJSON() }));", ""]],
    tests: titled("connection", "What is done to a proxy and to its toxics is told, in order."),
  },
  {
    what: "changes of proxies are not told",
    file: "tcp-proxy.ts",
    edits: [["this.#instruments.events.tell(this.name, () => ({ event }));", ""]],
    tests: titled("connection", "What is done to a proxy and to its toxics is told, in order."),
  },
  {
    what: "a reader of events that is behind is never cut off",
    file: "serve.ts",
    edits: [["if (response.writableLength > furthestBehindBytes) response.destroy();", ""]],
    tests: titled("serve", "A reader of events that is too far behind is cut off."),
  },
];

/** In a test file of src/proxy. */
function titled(file: string, ...titles: readonly string[]): NamedTests {
  return { file: `src/proxy/${file}.test.ts`, titles };
}
