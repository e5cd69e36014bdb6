import { z } from "zod";

/** A line may be this long, with its time and its name; Nagios' own pipe takes 4 KiB at once, Livestatus clients send more. */
export const maximumCommandCharacters = 65_536;

/**
 * Nagios' external commands, one a line: `[epoch] NAME;field;field`. The time in brackets may be left out. They are carried out in order; one
 * that cannot be is answered with the reason and does not stop the others.
 */
export const ExternalCommandInput = z.object({
  commands: z.array(z.string().min(1).max(maximumCommandCharacters)).min(1).max(1000),
});
export type ExternalCommandInput = z.infer<typeof ExternalCommandInput>;

/** What came of one command. */
export const ExternalCommandOutcome = z.object({ isDone: z.boolean(), message: z.string() });
export type ExternalCommandOutcome = z.infer<typeof ExternalCommandOutcome>;

export const ExternalCommandAnswer = z.object({ outcomes: z.array(ExternalCommandOutcome) });
export type ExternalCommandAnswer = z.infer<typeof ExternalCommandAnswer>;
