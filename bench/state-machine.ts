// How many results a second one core puts through the state machine: `node bench/state-machine.ts`.
import { acceptResult, DEFAULT_FLAPPING, PENDING_STATE } from "@mycloud/checks/state";

const SERVICES = 10_000;
const RESULTS = 2_000_000;
const policy = { maxCheckAttempts: 3, flapping: DEFAULT_FLAPPING };

/** The return code of a service's result in each round, from a seeded number. */
const inputs: Record<string, (round: number, random: number) => number> = {
  unchanged: () => 0,
  flipping: (round) => (round % 2) * 2,
  random: (_round, random) => random % 4,
};

for (const [name, returnCodeOf] of Object.entries(inputs)) {
  const states = Array.from({ length: SERVICES }, () => PENDING_STATE);
  let random = 1;
  let events = 0;
  const startedAt = performance.now();
  for (let i = 0; i < RESULTS; i++) {
    random = (random * 1_103_515_245 + 12_345) & 0x7fffffff;
    const returnCode = returnCodeOf(Math.floor(i / SERVICES), random >> 16);
    const result = { returnCode, checkedAtMs: i, isPassive: true };
    const outcome = acceptResult("service", states[i % SERVICES]!, result, policy);
    states[i % SERVICES] = outcome.state;
    events += outcome.events.length;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const perSecond = (RESULTS / seconds / 1e6).toFixed(2);
  console.log(`${name}: ${perSecond} million results/s, ${(events / RESULTS).toFixed(2)} events per result`);
}
