/**
 * The environment another program gets: ours without `MYCLOUD_*`, which may hold secrets and is none of its business, and in
 * the C locale, so that what it prints can be read.
 */
export function programEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith("MYCLOUD_"));
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ...Object.fromEntries(kept),
    LC_ALL: "C",
  };
}
