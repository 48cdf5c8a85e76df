import { median } from "./figures.ts";
import { cpuMs } from "./process-figures.ts";
import { callApi, output, type Part, startBuiltIn, startNginx, startRedis, startToxiproxy } from "./proxy-parts.ts";

/** Which way the load goes. */
const ways = ["direct", "toxiproxy", "built-in"] as const;
type Way = (typeof ways)[number];

/** One row: what is asked of which server, and the share of Toxiproxy's rate that is the goal. */
interface Row {
  readonly name: string;
  readonly server: "redis" | "nginx";
  /** Arguments of redis-benchmark or wrk without address. */
  readonly args: readonly string[];
  readonly path?: string;
  /** Of redis-benchmark, how many requests; of wrk its own count is read. */
  readonly requests?: number;
  readonly goal: number;
}

/** What one round of a row came to, on one way. */
interface Taken {
  /** Requests a second. */
  readonly rate: number;
  readonly p99Ms: number;
  /** CPU time of the proxy for each request, µs; NaN without a proxy. */
  readonly cpuUs: number;
}

const redisRows = (["ping", "set", "set 16 KiB"] as const).flatMap((what): readonly Row[] =>
  [1, 50, 500].map((connections) => {
    const requests = connections === 1 ? 15_000 : what === "set 16 KiB" ? 30_000 : 60_000;
    const size = what === "set 16 KiB" ? ["-d", "16384"] : [];
    const test = what === "ping" ? "ping_mbulk" : "set";
    const args = ["-t", test, "-c", String(connections), "-n", String(requests), ...size, "--csv"];
    return {
      name: `redis ${what}, ${connections} conn.`,
      server: "redis",
      args,
      requests,
      goal: connections === 1 ? 1.2 : 1,
    };
  }),
);
const nginxRows = (
  [
    ["100 B", "/small", 1, 1.2],
    ["100 B", "/small", 50, 1],
    ["100 B", "/small", 500, 1],
    ["1 MiB", "/large", 1, 1.2],
    ["1 MiB", "/large", 8, 1.2],
    ["1 MiB", "/large", 50, 1.2],
  ] as const
).map(([what, path, connections, goal]): Row => ({
  name: `nginx ${what}, ${connections} conn.`,
  server: "nginx",
  args: ["-t", "1", "-c", String(connections), "-d", "2s", "--latency"],
  path,
  goal,
}));

/** Prints how fast requests go through nothing, through a real Toxiproxy and through the built-in one: medians of interleaved rounds. */
export async function benchLoad(rounds: number, only: RegExp, signal: AbortSignal): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const servers = { redis: undo.use(await startRedis(signal)), nginx: undo.use(await startNginx(signal)) };
  const proxies = {
    toxiproxy: undo.use(await startToxiproxy(signal)),
    "built-in": undo.use(await startBuiltIn(signal)),
  };
  const ports = new Map<string, number>();
  for (const server of ["redis", "nginx"] as const) {
    ports.set(`direct ${server}`, servers[server].port);
    for (const way of ["toxiproxy", "built-in"] as const) {
      ports.set(`${way} ${server}`, await through(proxies[way], server, servers[server].port));
    }
  }
  const rows = [...redisRows, ...nginxRows].filter(({ name }) => only.test(name));
  const taken = new Map<string, Taken[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const row of rows) {
      // Interleaved, and begun with another way each round, so that a busy moment of the machine falls on all of them.
      for (let turn = 0; turn < ways.length; turn += 1) {
        const way = ways[(turn + round) % ways.length] ?? "direct";
        const key = `${row.name} ${way}`;
        const port = ports.get(`${way} ${row.server}`) ?? 0;
        const pid = way === "direct" ? null : proxies[way].pid;
        taken.set(key, [...(taken.get(key) ?? []), await takeOne(row, { port, pid, signal })]);
      }
    }
  }
  print(rows, taken, rounds);
}

async function through(proxy: Part, name: string, port: number): Promise<number> {
  const made = await callApi(proxy.port, "/proxies", { name, listen: "127.0.0.1:0", upstream: `127.0.0.1:${port}` });
  const listen = String(Reflect.get(Object(made), "listen"));
  return Number(listen.slice(listen.lastIndexOf(":") + 1));
}

interface Taking {
  readonly port: number;
  readonly pid: number | null;
  readonly signal: AbortSignal;
}

async function takeOne(row: Row, { port, pid, signal }: Taking): Promise<Taken> {
  const beforeMs = pid === null ? NaN : cpuMs(pid);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
  const { rate, p99Ms, requests } =
    row.server === "redis"
      ? redisFigures(row, await output("redis-benchmark", ["-p", String(port), ...row.args], limited))
      : wrkFigures(await output("wrk", [...row.args, `http://127.0.0.1:${port}${row.path}`], limited));
  const cpuUs = pid === null ? NaN : ((cpuMs(pid) - beforeMs) * 1000) / requests;
  return { rate, p99Ms, cpuUs };
}

interface Figures {
  readonly rate: number;
  readonly p99Ms: number;
  readonly requests: number;
}

/** redis-benchmark's last line: test, requests a second, then latencies in ms: average, least, p50, p95, p99, most. */
function redisFigures({ requests = NaN }: Row, text: string): Figures {
  const fields = (text.trim().split("\n").at(-1) ?? "").split(",").map((field) => field.replaceAll('"', ""));
  return checked({ rate: Number(fields[1]), p99Ms: Number(fields[6]), requests }, text);
}

function wrkFigures(text: string): Figures {
  const p99 = /^\s+99%\s+([\d.]+)(us|ms|s)$/m.exec(text);
  const unitMs = { us: 0.001, ms: 1, s: 1000 }[p99?.[2] ?? ""] ?? NaN;
  const failed = /Non-2xx|Socket errors/.test(text);
  if (failed) throw new Error(`wrk had errors:\n${text}`);
  const rate = Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(text)?.[1]);
  const requests = Number(/(\d+) requests in/.exec(text)?.[1]);
  return checked({ rate, p99Ms: Number(p99?.[1]) * unitMs, requests }, text);
}

function checked(figures: Figures, text: string): Figures {
  if (Object.values(figures).every((figure) => Number.isFinite(figure) && figure > 0)) return figures;
  throw new Error(`not understood:\n${text}`);
}

function print(rows: readonly Row[], taken: ReadonlyMap<string, readonly Taken[]>, rounds: number): void {
  console.log(
    `medians of ${rounds} interleaved rounds; ratios are medians of the rounds' own ratios; CPU is the proxy's, for each request`,
  );
  const heads = [
    "",
    "direct/s",
    "toxiproxy/s",
    "built-in/s",
    "built-in ÷ toxiproxy",
    "p99 ms (built-in | toxiproxy)",
    "CPU µs (built-in | toxiproxy)",
  ];
  console.log(heads.join(" | "));
  let missed = 0;
  let slower = 0;
  for (const row of rows) {
    const of = (way: Way, figure: keyof Taken): readonly number[] =>
      (taken.get(`${row.name} ${way}`) ?? []).map((one) => one[figure]);
    const ratioOf = (figure: keyof Taken): number => {
      const ours = of("built-in", figure);
      return median(of("toxiproxy", figure).map((theirs, index) => (ours[index] ?? NaN) / theirs));
    };
    const [rate, p99] = [ratioOf("rate"), ratioOf("p99Ms")];
    if (!(rate >= row.goal)) missed += 1;
    if (!(p99 <= 1)) slower += 1;
    const pair = (figure: keyof Taken): string =>
      `${median(of("built-in", figure)).toFixed(2)} | ${median(of("toxiproxy", figure)).toFixed(2)}`;
    const cells = [
      row.name,
      ...ways.map((way) => median(of(way, "rate")).toFixed(0)),
      `${rate.toFixed(2)} (goal ${row.goal.toFixed(1)}: ${rate >= row.goal ? "met" : "missed"})`,
      `${pair("p99Ms")}: ${p99.toFixed(2)} (goal 1.0: ${p99 <= 1 ? "met" : "missed"})`,
      pair("cpuUs"),
    ];
    console.log(cells.join(" | "));
  }
  console.log(`${rows.length - missed} of ${rows.length} rows reach their rate, ${rows.length - slower} their p99`);
}
