/**
 * Links in mails may be written without the hash (`/services/12/show`): gives the address that the console's router understands, or null
 * when it is one already.
 */
export function hashAddress({ pathname, search }: { pathname: string; search: string }): string | null {
  return pathname === "/" || pathname === "/index.html" ? null : `/#${pathname}${search}`;
}
