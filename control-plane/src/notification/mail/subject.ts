const longestOutput = 60;
const longestName = 80;

/** Text as a header may carry it: one line, no control characters, no lone surrogates. Pure. */
export function headerText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .toWellFormed()
    .trim();
}

/** `web1/disk`, or `web1` for the host itself. */
export function objectName(hostName: string, serviceName: string | null): string {
  return serviceName === null ? hostName : `${hostName}/${serviceName}`;
}

/**
 * The subject that opens a thread: `[MyCloud] CRITICAL web1/disk: / 97% used`. Names and output come from outside; whatever they contain,
 * the subject is one line. Pure.
 */
export function firstSubject(state: string, hostName: string, serviceName: string | null, output: string): string {
  const name = [hostName, serviceName]
    .filter((part) => part !== null)
    .map((part) => shorten(headerText(part), longestName));
  const words = shorten(headerText(withoutState(headerText(output), state)), longestOutput);
  return `[MyCloud] ${headerText(state)} ${name.join("/")}${words === "" ? "" : `: ${words}`}`;
}

/** The subject of a later message of the same thread. Mail programs fold `Re:` away, so the thread keeps one subject. Pure. */
export function replySubject(first: string): string {
  return first.startsWith("Re: ") ? first : `Re: ${first}`;
}

/** Many plugins start with what the subject has said already: `DISK CRITICAL - free space: ...`. */
function withoutState(output: string, state: string): string {
  const match = /^(?:[A-Z][A-Z0-9_-]* )?([A-Z]+)(?: ?[-:] ?| )(?=\S)/.exec(output);
  return match !== null && match[1] === state ? output.slice(match[0].length) : output;
}

/** Cuts at a word's end where there is one near. */
function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest - 1).toWellFormed();
  const space = head.lastIndexOf(" ");
  return `${(space > longest / 2 ? head.slice(0, space) : head).trimEnd()}…`;
}
