import { hostname } from "node:os";

/** Who may send logs of the other customer's machine. */
export const stranger = { user: "globex-device", password: "a password of globex", host: "globex-web1" };

/** What the story applies: what is read, who sends, what is counted, and whom to tell. */
export function storyDefinitions(directory: string): string {
  return `kind: LogSource
name: story
spec:
  selector: { hosts: ["${hostname()}"] }
  input: { type: file, paths: ["${directory}/*.log"], startAt: beginning }
  service: story
---
kind: LogSender
name: globex
spec: { protocols: [http], username: ${stranger.user}, password: "${stranger.password}", customer: globex }
---
kind: Contact
name: story-oncall
spec: { email: oncall@example.org }
---
kind: NotificationRule
name: story-rule
spec:
  selector: { services: [story-fires] }
  states: [CRITICAL, RECOVERY]
  contacts: [story-oncall]
---
# One fire is a problem and two are none, so that the story says when it ends, and not a clock.
kind: Check
name: story-fires
spec:
  selector: { hosts: ["${hostname()}"] }
  command: log
  arguments: [-q, 'service:story "is on fire"', --window, "3600", -c, "@1:1"]
  checkIntervalSeconds: 5
  retryIntervalSeconds: 5
  maxCheckAttempts: 1
`;
}
