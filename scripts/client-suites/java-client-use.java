import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** Uses every call of toxiproxy-java against a server on 127.0.0.1:8474. */
class JavaClientUse {
  interface Step {
    void take() throws Exception;
  }

  static final ToxiproxyClient server = new ToxiproxyClient("127.0.0.1", 8474);
  static boolean failed = false;

  public static void main(String[] arguments) throws Exception {
    ServerSocket echo = new ServerSocket(0);
    Thread serving = new Thread(() -> serve(echo));
    serving.setDaemon(true);
    serving.start();
    String upstream = "127.0.0.1:" + echo.getLocalPort();
    step("version", () -> expect(server.version().contains("2."), server.version()));
    step("create", () -> {
      Proxy proxy = server.createProxy("one", "127.0.0.1:0", upstream);
      expect(proxy.isEnabled() && proxy.getUpstream().equals(upstream), proxy.toString());
      expect(ping(proxy) < 1000, "a ping");
      expect(server.getProxies().size() == 1, "one proxy");
      expect(server.getProxyOrNull("none") == null, "no proxy");
    });
    step("a name that is taken", () -> refused(() -> server.createProxy("one", "127.0.0.1:0", upstream), "proxy already exists"));
    step("every type of toxic", () -> {
      Proxy proxy = server.getProxy("one");
      proxy.toxics().latency("a", ToxicDirection.UPSTREAM, 1).setJitter(1).setToxicity(0.5f);
      proxy.toxics().bandwidth("b", ToxicDirection.UPSTREAM, 1000).setRate(2000);
      proxy.toxics().slicer("c", ToxicDirection.UPSTREAM, 10, 1).setSizeVariation(2);
      proxy.toxics().slowClose("d", ToxicDirection.DOWNSTREAM, 1).setDelay(2);
      proxy.toxics().timeout("e", ToxicDirection.DOWNSTREAM, 1000).setTimeout(2000);
      proxy.toxics().limitData("f", ToxicDirection.DOWNSTREAM, 100).setBytes(200);
      proxy.toxics().resetPeer("g", ToxicDirection.DOWNSTREAM, 0).setTimeout(1);
      expect(proxy.toxics().getAll().size() == 7, "seven toxics");
      Latency latency = proxy.toxics().get("a", Latency.class);
      expect(latency.getLatency() == 1 && latency.getJitter() == 1 && latency.getToxicity() == 0.5f, latency.toString());
      expect(latency.getStream() == ToxicDirection.UPSTREAM, "its stream");
      latency.remove();
      expect(proxy.toxics().getAll().size() == 6, "six toxics");
    });
    step("reset", () -> {
      server.reset();
      expect(server.getProxy("one").toxics().getAll().isEmpty(), "no toxics");
    });
    step("latency", () -> {
      Proxy proxy = server.getProxy("one");
      Latency latency = proxy.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 50);
      expect(ping(proxy) >= 48, "50 ms");
      latency.setLatency(100);
      expect(ping(proxy) >= 98, "100 ms");
      latency.remove();
    });
    step("disable and enable", () -> {
      Proxy proxy = server.getProxy("one");
      proxy.disable();
      expect(!server.getProxy("one").isEnabled(), "disabled");
      refused(() -> ping(proxy), "refused");
      proxy.enable();
      expect(ping(proxy) < 1000, "a ping");
    });
    step("other addresses", () -> {
      Proxy proxy = server.getProxy("one");
      proxy.setUpstream("127.0.0.1:9");
      proxy.setListen("127.0.0.1:0");
      expect(server.getProxy("one").getUpstream().equals("127.0.0.1:9"), "the upstream");
    });
    step("delete", () -> {
      server.getProxy("one").delete();
      expect(server.getProxies().isEmpty(), "no proxies");
      refused(() -> server.getProxy("one"), "proxy not found");
    });
    System.exit(failed ? 1 : 0);
  }

  static void step(String name, Step step) {
    try {
      step.take();
      System.out.println("ok " + name);
    } catch (Exception wrong) {
      failed = true;
      System.out.println("not ok " + name + ": " + wrong);
    }
  }

  static void expect(boolean holds, String what) {
    if (!holds) throw new IllegalStateException("not so: " + what);
  }

  static void refused(Step step, String message) throws Exception {
    try {
      step.take();
    } catch (IOException refusal) {
      expect(String.valueOf(refusal.getMessage()).contains(message), refusal.toString());
      return;
    }
    throw new IllegalStateException("not refused: " + message);
  }

  /** Milliseconds until an answer. */
  static long ping(Proxy proxy) throws IOException {
    int port = Integer.parseInt(proxy.getListen().substring(proxy.getListen().lastIndexOf(':') + 1));
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setTcpNoDelay(true);
      long started = System.nanoTime();
      socket.getOutputStream().write('x');
      expect(socket.getInputStream().read() == 'x', "an echo");
      return (System.nanoTime() - started) / 1_000_000;
    }
  }

  static void serve(ServerSocket echo) {
    while (true) {
      try {
        Socket socket = echo.accept();
        socket.setTcpNoDelay(true);
        Thread answering = new Thread(() -> answer(socket));
        answering.setDaemon(true);
        answering.start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  static void answer(Socket socket) {
    try (socket) {
      for (int read = socket.getInputStream().read(); read >= 0; read = socket.getInputStream().read()) {
        socket.getOutputStream().write(read);
      }
    } catch (IOException gone) {
      // The proxy has cut it.
    }
  }
}
