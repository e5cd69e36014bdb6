/** What a kit says, wherever its parts come from. */
export interface RecoveryKitParts {
  readonly title: string;
  /** As restic writes it, without credentials: `rest:https://backup.example.org/acme/web1/home/`. */
  readonly location: string;
  /** What the storage server's certificate is checked with, as PEM; null: the authorities that programs know by themselves. */
  readonly certificateAuthority: string | null;
  /** Null: the key is on the host alone. */
  readonly password: string | null;
  /** Opens the storage server for reading; null: its administrator makes a user for it. */
  readonly token: string | null;
  readonly tokenExpiresAtMs: number | null;
}

/** What the control plane answers of a repository, as parts of its kit. Pure. */
export function recoveryKitParts(answer: {
  readonly hostName: string;
  readonly policyName: string;
  readonly keyMode: string;
  readonly storageUrl: string;
  readonly path: string;
  readonly certificateAuthority: string | null;
  readonly password: string | null;
  readonly token: string;
  readonly tokenExpiresAtMs: number;
}): RecoveryKitParts {
  const { hostName, policyName, keyMode, storageUrl, path, certificateAuthority, ...secrets } = answer;
  const { password, token, tokenExpiresAtMs } = secrets;
  return {
    title: `host ${hostName}, policy ${policyName} (${keyMode} key)`,
    location: `rest:${storageUrl}/${path}/`,
    certificateAuthority,
    password,
    token,
    tokenExpiresAtMs,
  };
}

/** The kit on paper. Pure. */
export function recoveryKitText(parts: RecoveryKitParts): string {
  const { title, location, certificateAuthority, password, token, tokenExpiresAtMs } = parts;
  const url = new URL(location.slice("rest:".length));
  const path = url.pathname.replace(/^\/|\/$/g, "");
  const restore = (place: string, option = "") => [
    `  restic${option} -r '${place}' snapshots`,
    `  restic${option} -r '${place}' restore latest --target /restored`,
  ];
  const authority = url.protocol === "https:" ? certificateAuthority : null;
  const option = authority === null ? "" : ` --cacert ${authorityFile}`;
  const key =
    password === null
      ? ["The key of this repository is on its host alone: mycloud recovery-kit, typed there, prints it."]
      : [`  export RESTIC_PASSWORD='${password}'`];
  const throughServer =
    token === null || tokenExpiresAtMs === null
      ? [
          `Through the storage server at ${url.origin}, with a user that its administrator makes`,
          `(mycloud storage password set ${path} USER):`,
          "",
          ...authorityLines(authority),
          ...restore(location.replace("://", "://USER:PASSWORD@"), option),
        ]
      : [
          `Through the storage server, until ${instantText(tokenExpiresAtMs)}:`,
          "",
          ...authorityLines(authority),
          ...restore(location.replace("://", `://token:${token}@`), option),
        ];
  return [
    `RECOVERY KIT  ${title}`,
    "",
    "All that stock restic (https://restic.net) needs to get everything back, with no MyCloud at all.",
    "Print it and keep it away from the host. Who has it and the stored files can read them all.",
    "",
    ...key,
    "",
    "On the storage server, in its state directory, or in a copy of that:",
    "",
    ...restore(`repositories/${path}`),
    "",
    ...throughServer,
    "",
    "",
  ].join("\n");
}

const authorityFile = "storage-ca.pem";

/** Not indented, as readers of PEM want it. */
function authorityLines(authority: string | null): string[] {
  if (authority === null) return [];
  return [
    `Its certificate is from an authority of its own. Save these lines as ${authorityFile} first:`,
    "",
    ...authority.trim().split(/\s*\n\s*/),
    "",
  ];
}

/** In UTC to the second: `2026-11-22 20:15:00Z`. */
function instantText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")}Z`;
}
