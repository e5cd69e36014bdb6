import { newParsedLine, type ParseLine, setField } from "./parsed-line.ts";
import { compileTimeFormat } from "./time-format.ts";

const line =
  /^(?:(\S+:\d+) )?(\S+) \S+ (\S+|"[^"]*") \[([^\]]{1,40})\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?(?: |$)/u;
const request = /^([A-Z]+) (\S+)(?: (HTTP\/[\d.]+))?$/u;

/**
 * Makes the parser of Apache's and nginx' common and combined logs, also with the virtual host before them. The whole line stays the message; a
 * status of 500 or more is an error, of 400 or more a warning.
 */
export function createAccessParser(): ParseLine {
  const readTime = compileTimeFormat("%d/%b/%Y:%H:%M:%S %z", (localMs) => localMs);
  return (text, readAtUs) => {
    const match = line.exec(text);
    if (match === null) return newParsedLine(text, "is no access log");
    const [, virtualHost, client = "", user = "-", time = "", asked = "", status = "", bytes = "-", referer, agent] =
      match;
    const parsed = newParsedLine(text);
    parsed.timeUs = readTime(time, readAtUs);
    parsed.severity = status >= "500" ? "err" : status >= "400" ? "warning" : "info";
    const { fields } = parsed;
    setField(fields, "client", client);
    const [, method, path, protocol] = request.exec(asked) ?? [];
    if (method === undefined || path === undefined) setField(fields, "request", asked);
    else {
      setField(fields, "method", method);
      setField(fields, "path", path);
      if (protocol !== undefined) setField(fields, "protocol", protocol);
    }
    setField(fields, "status", Number(status));
    if (bytes !== "-") setField(fields, "bytes", Number(bytes));
    for (const [name, value] of [
      ["user", user],
      ["referer", referer],
      ["user_agent", agent],
      ["virtual_host", virtualHost],
    ] as const) {
      if (value !== undefined && value !== "-" && value !== "") setField(fields, name, value);
    }
    return parsed;
  };
}
