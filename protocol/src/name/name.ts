import { z } from "zod";

// Characters that Nagios refuses in object names (illegal_object_name_chars) plus control characters: names travel through command
// pipes, mail headers and URLs.
const illegal = /[`~!$%^&*|'"<>?,()=;\p{Cc}]/u;

const objectName = (what: string, maximum: number) =>
  z
    .string()
    .min(1, `${what} is empty`)
    .max(maximum, `${what} is longer than ${maximum} characters`)
    .refine((text) => text.isWellFormed(), `${what} has half a surrogate pair, which is no character`)
    .refine((text) => text === text.trim(), `${what} starts or ends with white space`)
    .refine(
      (text) => !illegal.test(text),
      `${what} has a character that is not allowed: \` ~ ! $ % ^ & * | ' " < > ? , ( ) = ; or a control character`,
    );

/** A host's name: unique, 1 to 255 characters, as Nagios allows object names. */
export const HostName = objectName("host name", 255);

/** A service's name (Nagios: service_description): unique on its host, 1 to 255 characters. */
export const ServiceName = objectName("service name", 255);

/** The name of a check definition, contact, rule or other resource: unique among its kind. */
export const ResourceName = objectName("name", 128);

/** A tenant's short name. Users bound to a customer see that customer's hosts only; `null` means the operator's own. */
export const CustomerName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "customer is not 1 to 63 lower-case letters, digits and inner hyphens",
  );

/** Labels attach facts to hosts for selectors: `role: web`, `os: linux`. At most 64 of them. */
export const Labels = z
  .record(
    z
      .string()
      .regex(
        /^[A-Za-z_][A-Za-z0-9_./-]{0,62}$/,
        "label name is not a letter or _ followed by letters, digits, _ . / -",
      ),
    z.string().max(255),
  )
  .refine((labels) => Object.keys(labels).length <= 64, "more than 64 labels");
export type Labels = z.infer<typeof Labels>;

/** An e-mail address as browsers take it, so also one without dots: `root@localhost` is where many a server's mail goes. */
export const EmailAddress = z
  .email({ pattern: z.regexes.html5Email, error: "email is not an e-mail address" })
  .max(254, "email is longer than 254 characters");
