/** What a plugin prints, taken apart. `longOutput` may hold several lines; `perfdata` is text for `parsePerfdata`. */
export interface PluginOutput {
  output: string;
  longOutput: string;
  perfdata: string;
}

/** Shown for a plugin that printed nothing, in nagios' words so that people recognise it. */
export const NO_OUTPUT = "(No output returned from plugin)";

/**
 * Takes plugin output apart as nagios4 does: line 1 is `OUTPUT | perfdata`, further lines are long output until the
 * first `|` in them, and everything after that, on this line and all that follow, is perfdata again.
 *
 * nagios4 also turns each `;` of the output into `:`, since it later writes the output into `;`-separated log lines
 * and status files. Nothing here is stored that way, so the output stays as the plugin wrote it.
 */
export function parsePluginOutput(text: string): PluginOutput {
  const [firstLine = "", ...furtherLines] = text.split(/\r?\n/);
  const first = splitAtPipe(firstLine);
  const longOutput: string[] = [];
  const perfdata = [first.perfdata ?? ""];
  let isInPerfdata = false;
  for (const line of furtherLines) {
    if (isInPerfdata) {
      perfdata.push(line);
      continue;
    }
    const parts = splitAtPipe(line);
    // A line that is only `| perfdata` would otherwise leave an empty last line of long output.
    if (parts.perfdata === undefined || parts.text !== "") longOutput.push(parts.text);
    if (parts.perfdata !== undefined) {
      isInPerfdata = true;
      perfdata.push(parts.perfdata);
    }
  }
  return {
    output: first.text.trim() || NO_OUTPUT,
    longOutput: longOutput.join("\n").trimEnd(),
    perfdata: perfdata
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .join(" "),
  };
}

function splitAtPipe(line: string): { text: string; perfdata: string | undefined } {
  const pipe = line.indexOf("|");
  if (pipe === -1) return { text: line, perfdata: undefined };
  return { text: line.slice(0, pipe).trimEnd(), perfdata: line.slice(pipe + 1) };
}

/**
 * Writes plugin output that `parsePluginOutput` takes apart again, without a final newline.
 * A `|` or line break where it would change the meaning becomes a `/` or a space.
 */
export function formatPluginOutput(parts: { output: string; longOutput?: string; perfdata?: string }): string {
  const output = parts.output.replace(/[\r\n]+/g, " ").replaceAll("|", "/");
  const perfdata = parts.perfdata?.replace(/[\r\n]+/g, " ").trim();
  const firstLine = perfdata ? `${output} | ${perfdata}` : output;
  return parts.longOutput ? `${firstLine}\n${parts.longOutput.replaceAll("|", "/")}` : firstLine;
}
