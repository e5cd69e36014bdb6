import { isIP } from "node:net";
import { z } from "zod";

/** An address, or a network as `10.0.0.0/8`. */
const AddressOrNetwork = z.string().refine((text) => {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  const isPrefix = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  return family !== 0 && isPrefix && rest.length === 0;
}, "is neither an address nor a network such as 10.0.0.0/8");

/** A command line as words, or as one text: split at spaces, except in quotes. */
const Words = z
  .union([z.string().transform(splitWords), z.array(z.string())])
  .refine((words) => words[0] !== undefined && words[0] !== "", "is empty; write a check with its options");

/** `nrpe` of `policy.yaml`: who may ask, and for what. */
export const NrpePolicy = z.strictObject({
  allowedHosts: z.array(AddressOrNetwork).max(1_000).default(["127.0.0.0/8", "::1"]),
  /** Commands by name: a built-in check with its options, or an absolute path of a program with its arguments. */
  commands: z.record(z.string().regex(/^[^!\p{Cc}]{1,128}$/u, "is no name of a command"), Words).default({}),
  /** Whether `$ARG1$`, `$ARG2$` ... in `commands` may be given by whoever asks. */
  areArgumentsAllowed: z.boolean().default(false),
  /** Whether built-in checks answer by their names (`load`, `check_load`), with their defaults. */
  hasBuiltInChecks: z.boolean().default(true),
  /** Whether the checks that the control plane configured for this host answer by the names of their services. */
  hasConfiguredChecks: z.boolean().default(true),
  commandTimeoutSeconds: z.number().min(1).max(3_600).default(60),
  tls: z
    .strictObject({
      /** PEM files; without them the agent makes itself a certificate. */
      certificateFile: z.string().min(1).optional(),
      keyFile: z.string().min(1).optional(),
      /** Then whoever asks must show a certificate signed by it. */
      clientCaFile: z.string().min(1).optional(),
      /** Whether connections without any certificate are taken too, as old check_nrpe make them; anybody in between can then read and change them. */
      isAnonymousAllowed: z.boolean().default(false),
    })
    .refine((tls) => (tls.certificateFile === undefined) === (tls.keyFile === undefined), {
      error: "certificateFile and keyFile go together",
    })
    .refine((tls) => !tls.isAnonymousAllowed || tls.clientCaFile === undefined, {
      error: "isAnonymousAllowed lets everybody in whom clientCaFile keeps out; choose one",
    })
    .prefault({}),
});
export type NrpePolicy = z.infer<typeof NrpePolicy>;

/** Nobody, nothing. */
export const closedNrpePolicy: NrpePolicy = {
  ...NrpePolicy.parse({}),
  allowedHosts: [],
  hasBuiltInChecks: false,
  hasConfiguredChecks: false,
};

function splitWords(text: string): string[] {
  const words = text.matchAll(/(?:"([^"]*)"|'([^']*)'|[^\s"']+)+/g);
  return Array.from(words, ([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}
