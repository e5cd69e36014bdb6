import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { tailorFiles } from "../grafana-files/index.ts";
import { generatedFiles } from "./index.ts";

const directory = fileURLToPath(new URL("../../generated", import.meta.url));
const files = generatedFiles();

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Place;
  readonly targets?: readonly Target[];
  readonly datasource?: { readonly uid: string };
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: unknown }[];
  };
  readonly annotations: {
    readonly list: readonly { readonly expr?: string; readonly datasource: { readonly uid: string } }[];
  };
  readonly links: readonly { readonly url?: string; readonly type: string }[];
}

const dashboards = [...files].filter(([name]) => name.endsWith(".json")).map(([, text]): Dashboard => JSON.parse(text));
const yaml = (name: string) => parse(files.get(`provisioning/${name}`) ?? "");
const panelsOf = ({ panels }: Dashboard) => panels.filter(({ type }) => type !== "row");

/** Names of Grafana's variables in a text: `$host`, `${host:regex}`. */
function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$(?:\{([a-zA-Z_]+)|([a-zA-Z_]+))/g)].map((match) => match[1] ?? match[2] ?? "");
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

describe("what is generated for Grafana", () => {
  it("is what lies in dashboards/generated", async () => {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const present = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
    assert.deepEqual(
      present.toSorted(),
      [...files.keys()].toSorted(),
      "run dashboards/src/generate/write-generated.ts",
    );
    for (const [name, text] of files) {
      assert.equal(
        await readFile(join(directory, name), "utf8"),
        text,
        `${name}: run dashboards/src/generate/write-generated.ts`,
      );
    }
  });

  it("has the dashboards that there is something to show of, each with a name of its own", () => {
    assert.deepEqual(
      dashboards.map(({ uid }) => uid).toSorted(),
      ["backups", "control-plane", "dns", "fleet", "host", "logs", "notifications", "service", "snmp", "storage"].map(
        (name) => `mycloud-${name}`,
      ),
    );
    for (const { schemaVersion } of dashboards) assert.ok(schemaVersion >= 36);
  });

  it("has panels with unique ids, a description, queries with ids of their own, on the grid and over no other", () => {
    for (const dashboard of dashboards) {
      const ids = dashboard.panels.map(({ id }) => id);
      assert.ok(ids.every((id) => id > 0) && new Set(ids).size === ids.length, dashboard.uid);
      for (const panel of panelsOf(dashboard)) {
        const name = `${dashboard.uid} ${panel.title}`;
        assert.ok((panel.description ?? "").length > 10, name);
        assert.ok((panel.targets?.length ?? 0) > 0, name);
        const refIds = panel.targets?.map(({ refId }) => refId) ?? [];
        assert.ok(refIds.every((refId) => /^[A-Z]$/.test(refId)) && new Set(refIds).size === refIds.length, name);
        for (const { expr } of panel.targets ?? []) assert.ok(expr.length > 3 && !expr.includes("undefined"), name);
      }
      for (const [index, { gridPos, title }] of dashboard.panels.entries()) {
        assert.ok(gridPos.x >= 0 && gridPos.w > 0 && gridPos.x + gridPos.w <= 24, `${dashboard.uid} ${title}`);
        const under = dashboard.panels.slice(index + 1).find((other) => overlap(gridPos, other.gridPos));
        assert.equal(under?.title, undefined, `${dashboard.uid} ${title}`);
      }
    }
  });

  it("uses no variable that is not defined, for data sources or otherwise", () => {
    for (const dashboard of dashboards) {
      const defined = new Set(dashboard.templating.list.map(({ name }) => name));
      const sources = new Set(
        dashboard.templating.list.filter(({ type }) => type === "datasource").map(({ name }) => `\${${name}}`),
      );
      for (const { datasource, targets, title } of panelsOf(dashboard)) {
        for (const uid of [datasource?.uid, ...(targets ?? []).map((target) => target.datasource.uid)]) {
          assert.ok(sources.has(uid ?? ""), `${dashboard.uid} ${title}: ${uid}`);
        }
      }
      for (const { datasource } of dashboard.annotations.list) assert.ok(sources.has(datasource.uid), dashboard.uid);
      const unknown = variablesIn(JSON.stringify(dashboard)).filter(
        (name) => !defined.has(name) && !name.startsWith("__"),
      );
      assert.deepEqual([...new Set(unknown)], [], dashboard.uid);
    }
  });

  it("links to dashboards that exist, and into the console at an address that can be changed", () => {
    const uids = new Set(dashboards.map(({ uid }) => uid));
    let links = 0;
    for (const dashboard of dashboards) {
      for (const [, uid = ""] of JSON.stringify(dashboard).matchAll(/\/d\/([a-z-]+)/g)) {
        links += 1;
        assert.ok(uids.has(uid), `${dashboard.uid} links to ${uid}`);
      }
      assert.ok(
        dashboard.links.some(({ url }) => url?.startsWith("$" + "{console}/#/")),
        dashboard.uid,
      );
    }
    assert.ok(links > 10);
  });

  it("has alert rules whose conditions name a query, which name a query, of data sources that exist", () => {
    const sources = new Set(yaml("datasources/mycloud.yaml").datasources.map(({ uid }: { uid: string }) => uid));
    const uids: string[] = [];
    for (const group of yaml("alerting/mycloud-rules.yaml").groups) {
      for (const rule of group.rules) {
        uids.push(rule.uid);
        const refIds = rule.data.map(({ refId }: { refId: string }) => refId);
        assert.ok(refIds.includes(rule.condition), rule.uid);
        assert.equal(new Set(refIds).size, refIds.length);
        for (const query of rule.data) {
          assert.equal(query.model.refId, query.refId, rule.uid);
          if (query.datasourceUid !== "__expr__") {
            assert.ok(sources.has(query.datasourceUid), rule.uid);
            assert.doesNotMatch(
              query.model.expr,
              /\b(mycloud|instance[a-z_]*):[a-z]/,
              `${rule.uid} asks for what only Prometheus records`,
            );
            continue;
          }
          const named = [...query.model.expression.matchAll(/\$([A-Z])/g)].map(([, refId]) => refId);
          assert.ok(named.length > 0 && named.every((refId) => refIds.includes(refId)), rule.uid);
        }
        assert.doesNotMatch(rule.annotations.summary, /\$value\b/, rule.uid);
      }
    }
    assert.ok(uids.length > 30);
    assert.ok(uids.every((uid) => uid.length <= 40) && new Set(uids).size === uids.length);
  });

  it("sends alerts to receivers and by templates that exist", () => {
    const points = yaml("alerting/mycloud-contact-points.yaml").contactPoints;
    const names = new Set(points.map(({ name }: { name: string }) => name));
    const [tree] = yaml("alerting/mycloud-policies.yaml").policies;
    for (const { receiver } of [tree, ...tree.routes]) assert.ok(names.has(receiver), receiver);
    const [{ template }] = yaml("alerting/mycloud-templates.yaml").templates;
    for (const [, name = ""] of JSON.stringify(points).matchAll(/template \\"([^\\]+)\\"/g)) {
      assert.ok(template.includes(`define "${name}"`), name);
    }
    const alerts = new Set(
      yaml("alerting/mycloud-rules.yaml").groups.flatMap((group: { rules: { title: string }[] }) =>
        group.rules.map(({ title }) => title),
      ),
    );
    const [, , pattern] = tree.routes[0].object_matchers[0];
    assert.ok([...alerts].some((name) => new RegExp(`^(?:${pattern})$`).test(String(name))));
  });

  it("is tailored: no placeholder is left, and the console's address is the control plane's", () => {
    const options = {
      controlPlane: "https://mycloud.example.org",
      prometheus: "http://prometheus:9090",
      tokenFile: "/run/token",
      dashboards: "/srv/dashboards",
      email: "ops@example.com",
    };
    const tailored = tailorFiles(files, options);
    assert.deepEqual([...tailored.keys()], [...files.keys()]);
    for (const [name, text] of tailored) {
      if (name.startsWith("provisioning/")) assert.doesNotMatch(text, /\$\{|operators@|\/etc\/grafana/, name);
      if (!name.endsWith(".json")) continue;
      const { templating }: Dashboard = JSON.parse(text);
      assert.equal(templating.list.find(({ name: variable }) => variable === "console")?.query, options.controlPlane);
    }
    assert.doesNotMatch(tailored.get("README.md") ?? "", /MYCLOUD_URL/);
    assert.match(tailored.get("README.md") ?? "", /\/run\/token: a file/);
    assert.match(tailored.get("provisioning/datasources/mycloud.yaml") ?? "", /url: https:\/\/mycloud\.example\.org/);
    assert.match(tailored.get("provisioning/datasources/mycloud.yaml") ?? "", /\$__file\{\/run\/token\}/);
  });
});
