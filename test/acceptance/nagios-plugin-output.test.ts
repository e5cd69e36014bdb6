import assert from "node:assert/strict";
import test from "node:test";
import { NO_OUTPUT, parsePluginOutput } from "@mycloud/checks/plugin-api";
import { NAGIOS_PROGRAM, startNagios } from "../peers/nagios.ts";
import { requirePeer } from "../peers/peer.ts";

const outputs = [
  "OK",
  "OK - fine | a=1;2;3",
  "OK|a=1;2;3;0;9 'b c'=5ms\nline 2\nline 3|d=4%\ne=5",
  "OK\nonly long\noutput",
  "OK\n| a=1\nb=2",
  "OK | a='x|y'",
  "  spaces around  |  a=1  ",
  "| a=1",
  "OK |",
  "OK\nlong | a=1 | b=2",
];

test("output, long output and perfdata are told apart as nagios4 does", { timeout: 300_000 }, async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const hosts = outputs.map((_, index) => ({ kind: "host" as const, name: `host-${index}`, maxCheckAttempts: 1 }));
  const nagios = await startNagios(hosts);
  t.after(() => nagios.stop());
  // In a command a line break is written as backslash and n.
  await nagios.submit(
    outputs.map((text, i) => `PROCESS_HOST_CHECK_RESULT;host-${i};0;${text.replaceAll("\n", "\\n")}`),
  );
  const { status } = await nagios.settle();

  for (const [index, text] of outputs.entries()) {
    const fields = status.find((one) => one.host === `host-${index}`)?.fields ?? {};
    const theirs = {
      // nagios has words for no output at all, but shows nothing where only perfdata was printed; we say it there too.
      output: fields.plugin_output || NO_OUTPUT,
      longOutput: (fields.long_plugin_output ?? "").replaceAll("\\n", "\n").trimEnd(),
      perfdata: fields.performance_data ?? "",
    };
    const { output, longOutput, perfdata } = parsePluginOutput(text);
    assert.deepEqual(
      { output, longOutput, perfdata: words(perfdata) },
      { ...theirs, perfdata: words(theirs.perfdata) },
      text,
    );
  }
});

/** nagios keeps the spaces between and around the pieces it joins; they mean nothing. */
function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
