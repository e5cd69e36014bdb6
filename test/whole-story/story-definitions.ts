import { hostname } from "node:os";

/** Services whose plugin counts its runs; see test/numbered-results/. */
export const counted = ["counter-1", "counter-2", "counter-3", "counter-4"];

/** What the story applies: a port to watch, whom to tell of it, and the counting services, all on this machine and every five seconds. */
export function definitions(port: number, pluginPath: string): string {
  const timing = "checkIntervalSeconds: 5, retryIntervalSeconds: 5";
  const counters = counted.map(
    (name) => `---
kind: Check
name: ${name}
spec: { command: external, arguments: ["${pluginPath}", "${name}"], selector: { hosts: ["${hostname()}"] }, ${timing} }
`,
  );
  return `kind: Contact
name: story-oncall
spec: { email: oncall@example.org }
---
kind: NotificationRule
name: story-rule
spec:
  selector: { services: ["story-*"] }
  states: [CRITICAL, RECOVERY]
  contacts: [story-oncall]
---
kind: Check
name: story-port
spec: { command: tcp, arguments: ["-H", "127.0.0.1", "-p", "${port}"], selector: { hosts: ["${hostname()}"] }, ${timing}, maxCheckAttempts: 2 }
${counters.join("")}`;
}
