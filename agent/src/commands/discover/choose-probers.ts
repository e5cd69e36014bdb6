import { UsageError } from "@mycloud/checks/plugin";

/**
 * Who is to probe what a sweep finds: those asked for, else the host whose agent runs here (null: none does). A sweep asks from the machine it is started on,
 * and what answers there tells nothing of another one. Throws UsageError when only other hosts are asked for. Pure.
 */
export function chooseProbers(asked: readonly string[] | undefined, here: string | null): readonly string[] {
  if (asked === undefined) return here === null ? [] : [here];
  // A machine without an agent is a person's; nobody takes it for the prober.
  if (here === null || asked.length === 0 || asked.includes(here)) return asked;
  throw new UsageError(
    `--prober is ${asked.join(", ")}, and the sweep would ask from here, which is "${here}"; run the command on ${asked[0]}, or name ${here} too`,
  );
}
