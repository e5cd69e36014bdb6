import assert from "node:assert/strict";
import { test } from "node:test";
import { planTargets, type TargetHost } from "./plan-targets.ts";

const host = (more: Partial<TargetHost>): TargetHost => ({
  id: 7,
  name: "web1",
  address: "192.0.2.7",
  customer: null,
  labels: {},
  isPushed: false,
  endpoint: null,
  ...more,
});
const endpoint = { port: 9273, scheme: "https" } as const;

test("an agent that answers is a target at its host's address, with the host's name and the labels that upgrades leave alone", () => {
  const labels = { role: "web", "data-centre": "north", "9lives": "yes", kernel: "6.1.0", distributionVersion: "12" };
  assert.deepEqual(planTargets([host({ endpoint, labels, customer: "acme" })], "http://127.0.0.1:8080"), [
    {
      targets: ["192.0.2.7:9273"],
      labels: {
        instance: "web1",
        mycloud_label_role: "web",
        mycloud_label_data_centre: "north",
        mycloud_label_9lives: "yes",
        mycloud_customer: "acme",
        __scheme__: "https",
        __metrics_path__: "/metrics",
      },
    },
  ]);
});

test("a host that pushes is a target at the control plane, and at its agent no more", () => {
  const [group, ...more] = planTargets([host({ endpoint, isPushed: true })], "https://ops.example.org/base/");
  assert.deepEqual([group?.targets, more], [["ops.example.org:443"], []]);
  assert.deepEqual(group?.labels, {
    instance: "web1",
    __scheme__: "https",
    __metrics_path__: "/base/metrics/hosts/7",
  });
});

test("a host without address is asked by name, one of IPv6 in brackets, one that answers nowhere not at all", () => {
  const hosts = [host({ endpoint, address: null }), host({ endpoint, address: "2001:db8::7" }), host({})];
  const targets = planTargets(hosts, "http://127.0.0.1:8080").flatMap((group) => group.targets);
  assert.deepEqual(targets, ["web1:9273", "[2001:db8::7]:9273"]);
});

test("each kind can be asked for by itself", () => {
  const hosts = [host({ endpoint }), host({ id: 8, isPushed: true })];
  const paths = (via?: "agent" | "pushed" | "control-plane") =>
    planTargets(hosts, "http://127.0.0.1:8080", via).map(({ labels }) => labels.__metrics_path__);
  assert.deepEqual(paths(), ["/metrics", "/metrics/hosts/8"]);
  assert.deepEqual(paths("agent"), ["/metrics"]);
  assert.deepEqual(paths("pushed"), ["/metrics/hosts/8"]);
  assert.deepEqual(paths("control-plane"), ["/metrics", "/metrics/services"]);
});
