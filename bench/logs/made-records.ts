import type { NewLogRecord } from "../../control-plane/src/log-store/index.ts";

/** Records as a small estate writes them: web servers' access logs, sshd, cron, kernels, an application with fields. The same seed makes the same ones. */
export function createRecordMaker(seed: number): (timeUs: number) => NewLogRecord {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % limit;
  };
  const words = Array.from({ length: 5_000 }, (_, index) => `w${((index * 7919) % 5000).toString(36)}x`);
  const word = (limit: number): string => words[below(limit)] ?? "";
  const address = (): string => `10.${below(256)}.${below(256)}.${below(256)}`;

  return (timeUs) => {
    const number = below(50);
    const common = { timeUs, host: `web${number}.example.org`, hostId: number, customer: `customer${number % 10}` };
    const kind = below(100);
    if (kind < 60) {
      const status = below(20) === 0 ? 500 + below(4) : 200;
      return {
        ...common,
        source: "nginx",
        service: "nginx",
        severity: status >= 500 ? "err" : "info",
        facility: null,
        message: `${address()} - - "GET /api/v1/${word(300)}/${below(100_000)} HTTP/1.1" ${status} ${below(50_000)} "-" "${word(50)} Mozilla/5.0"`,
        fields: {},
      };
    }
    if (kind < 80) {
      return {
        ...common,
        source: "application",
        service: "shop",
        severity: "info",
        facility: null,
        message: `order ${below(1_000_000)} of ${word(3000)} paid in ${below(900)} ms`,
        fields: { status: 200 + below(300), "http.method": "POST", user: `user${below(20_000)}` },
      };
    }
    if (kind < 99) {
      return {
        ...common,
        source: "syslog",
        service: "sshd",
        severity: "info",
        facility: "auth",
        message: `Failed password for invalid user ${word(500)} from ${address()} port ${below(60_000)} ssh2`,
        fields: { pid: below(30_000) },
      };
    }
    return {
      ...common,
      source: "syslog",
      service: "kernel",
      severity: "warning",
      facility: "kern",
      message: `connect to ${address()} port 5432: Connection refused (${word(20)})`,
      fields: {},
    };
  };
}
