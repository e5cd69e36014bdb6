import { BlockList, isIP } from "node:net";

/** Whether an answer is the one expected: equal text, a name without its final dot, an equal address, or within a CIDR. */
export function matchesAnswer(answer: string, expected: string): boolean {
  if (canonical(answer) === canonical(expected)) return true;
  const [network = "", prefix] = expected.split("/");
  const family = isIP(network);
  if (family === 0 || isIP(answer) !== family) return false;
  const list = new BlockList();
  const name = family === 6 ? "ipv6" : "ipv4";
  const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) return false;
  list.addSubnet(network, bits, name);
  return list.check(answer, name);
}

function canonical(text: string): string {
  return text.toLowerCase().replace(/\.$/, "");
}
