/** A mail as it lies in a Maildir, taken apart as far as tests look. */
export interface MailMessage {
  /** Unfolded and decoded, by lower-case name; the first of several. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
}

/** Parses a message (RFC 5322, 2045, 2047): header fields, and the first text/plain and text/html parts. Pure. */
export function parseMailMessage(raw: string): MailMessage {
  const { headers, body } = splitPart(raw.replaceAll("\r\n", "\n"));
  const parts = leafParts(headers, body);
  const content = (type: string) => parts.find((part) => part.type === type)?.content ?? "";
  return { headers, text: content("text/plain"), html: content("text/html") };
}

interface Leaf {
  readonly type: string;
  readonly content: string;
}

function splitPart(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.indexOf("\n\n");
  const head = end < 0 ? raw : raw.slice(0, end);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\n[ \t]+/g, " ").split("\n")) {
    const [, name = "", value = ""] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== "" && !headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), decodeWords(value));
  }
  return { headers, body: end < 0 ? "" : raw.slice(end + 2) };
}

function leafParts(headers: ReadonlyMap<string, string>, body: string): Leaf[] {
  const contentType = headers.get("content-type") ?? "text/plain";
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) {
    const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
    return [{ type, content: decodeBody(body, headers.get("content-transfer-encoding") ?? "7bit") }];
  }
  const [, ...sections] = `\n${body}`.split(`\n--${boundary}`);
  return sections
    .filter((section) => !section.startsWith("--"))
    .map((section) => splitPart(section.replace(/^[ \t]*\n/, "")))
    .flatMap((part) => leafParts(part.headers, part.body));
}

function decodeBody(body: string, encoding: string): string {
  if (encoding.toLowerCase() === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding.toLowerCase() !== "quoted-printable") return body;
  return decodeQuoted(body.replaceAll(/=[ \t]*\n/g, ""));
}

function decodeQuoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function decodeWords(value: string): string {
  return value
    .replaceAll(/(\?=)\s+(=\?)/g, "$1$2")
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === "b"
        ? Buffer.from(text, "base64").toString("utf8")
        : decodeQuoted(text.replaceAll("_", " ")),
    );
}
