/** Where the built-in server does something else than the real one (2.12.0), on purpose. */
export interface Difference {
  /** The point that shows both. */
  readonly point: number;
  readonly real: string;
  readonly ours: string;
  readonly why: string;
}

/** By point. Whoever adds one writes both expectations into its point. */
export const differences: readonly Difference[] = [
  {
    point: 7,
    real: "a proxy has a field `Logger` with nothing in it",
    ours: "no such field",
    why: "it is a leak of the real one's insides; clients ignore it",
  },
  {
    point: 48,
    real: "when one side ends its stream the whole connection is closed, and the answer is lost",
    ours: "the other direction goes on until it ends itself",
    why: "half-closed connections are ordinary TCP; a proxy without toxics must not break them",
  },
  {
    point: 50,
    real: "two latency toxics in a row lose the distance of chunks: A sent at 0 and B at 200 arrive at 800 and 801",
    ours: "800 and 1000",
    why: "each delay counts from the arrival, so delays add up for every chunk",
  },
  {
    point: 61,
    real: "`reset_peer` added to a live connection closes it with FIN",
    ours: "RST, as on new connections",
    why: "the toxic is there to reset",
  },
  {
    point: 62,
    real: "at toxicity 0 `reset_peer` still turns an ordinary end into RST, and removing `timeout` still closes connections",
    ours: "a toxic that does not hit a connection does nothing to it",
    why: "that is what toxicity says (Shopify/toxiproxy#603)",
  },
  {
    point: 64,
    real: "one client that does not read hangs calls of the API until their time limit of 25 s",
    ours: "every call is answered at once",
    why: "a fault must be healable while a client is stuck (Shopify/toxiproxy#210, #254, #412, #558)",
  },
  {
    point: 65,
    real: "an upstream that never answers hangs the disabling of its proxy until the time limit of 25 s",
    ours: "it is disabled at once",
    why: "as above",
  },
  {
    point: 66,
    real: "takes `rate` below 0, `average_size` of 0 or less and `size_variation` above `average_size`; the process dies of it at the next bytes",
    ours: "400, and nothing has changed",
    why: "a wrong number must not end every other proxy (Shopify/toxiproxy#178, #541)",
  },
  {
    point: 79,
    real: "populating `0.0.0.0:PORT` again replaces the proxy: toxics and connections are lost",
    ours: "nothing changes",
    why: "the address is the same one",
  },
  {
    point: 82,
    real: "a change of a toxic that is refused for one attribute has already changed the others",
    ours: "it has changed nothing",
    why: "an error must leave things as they were",
  },
  {
    point: 85,
    real: "removing a toxic before a bandwidth of 0 hangs while bytes are held, and a reset after it too",
    ours: "it is removed at once",
    why: "as in 64",
  },
  {
    point: 86,
    real: "connections that were opened under `reset_peer` end with RST for good, also after its removal",
    ours: "they end in order again",
    why: "a fault that is healed must be gone (Shopify/toxiproxy#603)",
  },
  {
    point: 87,
    real: "`-seed` has no effect",
    ours: "the same seed hits the same connections, in the order in which they are made",
    why: "a run that is repeated must break the same things (Shopify/toxiproxy#274, #610)",
  },
  {
    point: 88,
    real: "`packet_loss` is no type (it comes after 2.12.0)",
    ours: "it is one",
    why: "what clients of later versions ask for works here",
  },
];
