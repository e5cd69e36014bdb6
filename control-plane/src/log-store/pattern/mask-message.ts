// A message's shape: what varies from one to the next is replaced by a mark of its kind, so that messages of the same origin become the same text. It is done for
// every record on writing, so it is one pass over the characters without regular expressions where they can be done without.

/** Characters that are looked at; what is behind them is `<*>`. */
const maximumCharacters = 400;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const number = /^[+-]?\d+(?:[.,]\d+)*(%|[a-zA-Z]{1,3})?$/;
const ip4 = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(\/\d{1,2}|:\d{1,5})?$/;
const hex = /^(?:0x[0-9a-f]+|[0-9a-f]{6,})$/i;
const mac = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i;
const ip6 = /^(?=.*:.*:)[0-9a-f:.]+(?:%\w+)?(?:\/\d+)?$/i;
const instant = /^\d{4}-\d{2}-\d{2}(?:T.*)?$/;
const clock = /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;
const url = /^[a-z][a-z0-9+.-]*:\/\//i;
const digits = /\d+/g;

/** The shape of a message: `<num>`, `<ip>`, `<hex>`, `<uuid>`, `<path>`, `<url>`, `<time>`, `<mac>`, `<id>` for what varies. The same text always has the same shape. Pure. */
export function maskMessage(message: string): string {
  const end = Math.min(message.length, maximumCharacters);
  let shape = "";
  let copiedTo = 0;
  let at = 0;
  while (at < end) {
    if (kindOf(message.charCodeAt(at)) === 0) {
      if (message.charCodeAt(at) === lineFeed) break;
      at += 1;
      continue;
    }
    const from = at;
    let found = 0;
    let dots = 0;
    while (at < end) {
      const kind = kindOf(message.charCodeAt(at));
      if (kind === 0) break;
      if (kind === dot) dots += 1;
      found |= kind;
      at += 1;
    }
    // Most runs are words.
    if ((found & (digit | slash)) === 0) continue;
    // A full stop or a colon at the end is the sentence's.
    let to = at;
    while (to > from && isTrailing(message.charCodeAt(to - 1))) to -= 1;
    const mask = quickMask(found, to === at ? dots : 0) ?? maskRun(message.slice(from, to));
    shape += message.slice(copiedTo, from) + mask;
    copiedTo = to;
  }
  shape += message.slice(copiedTo, Math.max(at, copiedTo));
  return at < message.length ? `${shape} <*>` : shape;
}

const slashCode = 47;
const lineFeed = 10;

// Kinds of characters that belong together: letters, digits, and what stands within numbers, names, paths, addresses.
const digit = 1;
const dot = 2;
const slash = 4;
const other = 8;

function kindOf(code: number): number {
  return code > 127 ? other : (kinds[code] ?? 0);
}

const kinds = new Uint8Array(128);
for (const letter of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:-@%+~") kinds[letter.charCodeAt(0)] = other;
for (const letter of "0123456789") kinds[letter.charCodeAt(0)] = digit;
kinds[".".charCodeAt(0)] = dot;
kinds["/".charCodeAt(0)] = slash;

function isTrailing(code: number): boolean {
  // . : - /
  return code === 46 || code === 58 || code === 45;
}

/** For what needs no closer look: plain numbers, and the addresses of IPv4. */
function quickMask(found: number, dots: number): string | null {
  if (found === digit) return "<num>";
  return found === (digit | dot) && dots === 3 ? "<ip>" : null;
}

function maskRun(run: string): string {
  if (run.charCodeAt(0) === slashCode) return run.length > 1 ? "<path>" : run;
  if (ip4.test(run)) return run.includes(":") ? "<ip>:<num>" : "<ip>";
  const simple = number.exec(run);
  if (simple !== null) return `<num>${simple[1] ?? ""}`;
  if (run.length === 36 && uuid.test(run)) return "<uuid>";
  if (clock.test(run) || instant.test(run)) return "<time>";
  if (mac.test(run)) return "<mac>";
  if (hex.test(run)) return /\d/.test(run) ? "<hex>" : run;
  if (ip6.test(run)) return "<ip>";
  if (url.test(run)) return "<url>";
  if (run.includes("/") && !/^[A-Za-z]+\/[\d.]+$/.test(run)) return /^[A-Za-z]+\/[A-Za-z]+$/.test(run) ? run : "<path>";
  // Names with numbers keep their letters; what is a jumble of both is somebody's identifier.
  const groups = run.match(digits)?.length ?? 0;
  if (run.length >= 16 && groups >= 4 && !/[.@]/.test(run)) return "<id>";
  return run.replace(digits, "<num>");
}
