import { objectSource } from "./object-sources.ts";

/** Records that left what is answered because of the health of a service, or came back: with that service. */
export const dnsSource = objectSource({
  name: "dns",
  kind: "dns",
  table: "dns_health_change",
  at: "at_ms",
  a: "own.owner",
  b: "concat(own.type, ' ', own.data)",
  c: "own.is_published",
  detail: "concat('serial ', own.serial)",
  describe: ({ a, b, c }) => ({
    title: Number(c) === 1 ? `${a} answers ${b} again` : `${a} does not answer ${b} any more`,
  }),
});
