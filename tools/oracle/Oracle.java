// Asks Amazon's event-ruler: without arguments whether one rule matches one event, line by line; with `bench` how fast it is.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.event.ruler.Machine;

public class Oracle {
  private static final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    if (args.length > 0 && args[0].equals("bench")) {
      out.println(bench(Path.of(args[1]), Path.of(args[2]), Double.parseDouble(args[3])));
    } else {
      answer(out);
    }
  }

  /** One line in, {"rule": "<JSON text>", "event": "<JSON text>"}; one line out: match, none, or refused and why. */
  private static void answer(PrintStream out) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode asked = mapper.readTree(line);
      out.println(verdict(asked.get("rule").asText(), asked.get("event").asText()));
    }
  }

  private static String verdict(String rule, String event) {
    Machine machine = new Machine();
    try {
      machine.addRule("rule", rule);
    } catch (Exception refusal) {
      return "refused " + String.valueOf(refusal.getMessage()).lines().findFirst().orElse("");
    }
    try {
      return machine.rulesForJSONEvent(event).isEmpty() ? "none" : "match";
    } catch (Exception failure) {
      return "failed " + String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
  }

  /** Adds all rules to one machine, matches all events again and again, and says what both took of this thread's CPU time. */
  private static String bench(Path rules, Path events, double seconds) throws Exception {
    Machine machine = new Machine();
    List<String> ruleLines = Files.readAllLines(rules);
    List<String> eventLines = Files.readAllLines(events);
    long building = threads.getCurrentThreadCpuTime();
    for (int at = 0; at < ruleLines.size(); at++) {
      machine.addRule("rule" + at, ruleLines.get(at));
    }
    building = threads.getCurrentThreadCpuTime() - building;
    long[] warm = matchAll(machine, eventLines, seconds / 2);
    long[] measured = matchAll(machine, eventLines, seconds);
    return String.format(
        "{\"rules\":%d,\"build_ms\":%d,\"events\":%d,\"matches\":%d,\"us_per_event\":%.3f,\"warm_us_per_event\":%.3f}",
        ruleLines.size(), building / 1_000_000, measured[0], measured[1],
        measured[2] / 1e3 / measured[0], warm[2] / 1e3 / warm[0]);
  }

  private static long[] matchAll(Machine machine, List<String> events, double seconds) throws Exception {
    long count = 0;
    long matches = 0;
    long start = threads.getCurrentThreadCpuTime();
    long end = start + (long) (seconds * 1e9);
    long now = start;
    while (now < end) {
      for (String event : events) {
        matches += machine.rulesForJSONEvent(event).size();
        count++;
      }
      now = threads.getCurrentThreadCpuTime();
    }
    return new long[] {count, matches, now - start};
  }
}
