import { describe, expect, it } from 'vitest';
import {
  PATHS_PER_LINK_MAX,
  type Path,
  RoutePlan,
  VISITORS_MAX,
} from '../../../../relay-node/src/edge/route-plan.js';

const never = (): boolean => false;
const always = (): boolean => true;
const at = (port: number, address: string = '192.0.2.1'): { address: string; port: number } => ({
  address,
  port,
});

/** A plan with one link, named `page`, at port 1. */
const withLink = (): { plan: RoutePlan<string>; path: Path<string> } => {
  const plan = new RoutePlan<string>();
  const path = plan.note(at(1), 'page', never);
  if (path === undefined) throw new Error('a visitor is always noted');
  plan.open(path, 'link');
  return { plan, path };
};

describe('a route plan', () => {
  it('knows a visitor, and then the link that it became', () => {
    const { plan, path } = withLink();
    expect(path.link).toBeUndefined();
    expect(plan.find(at(1))).toMatchObject({ link: 'link', peerUfrag: 'page' });
    expect(plan.find(at(1))?.route).toBe(path.route);
    expect([plan.linkCount, plan.visitorCount]).toEqual([1, 0]);
  });

  it('adds another address of the same name to the link', () => {
    const { plan } = withLink();
    expect(plan.note(at(2, '198.51.100.7'), 'page', never)?.link).toBe('link');
    expect(plan.find(at(2, '198.51.100.7'))?.link).toBe('link');
    expect(plan.find(at(2))).toBeUndefined();
  });

  it('leaves an address to its link when another name is heard from there, unless the link may leave', () => {
    const { plan } = withLink();
    expect(plan.note(at(1), 'other', never)).toBeUndefined();
    expect(plan.find(at(1))?.link).toBe('link');
    expect(plan.note(at(1), 'other', always)).toMatchObject({ peerUfrag: 'other', link: undefined });
    expect(plan.find(at(1))?.link).toBeUndefined();
    expect(plan.note(at(1), 'page', never)?.link).toBe('link');
  });

  it('remembers a bounded number of addresses of one link, the latest', () => {
    const { plan } = withLink();
    for (let port = 2; port < 100; port += 1) plan.note(at(port), 'page', never);
    const known = Array.from({ length: 100 }, (_, port) => plan.find(at(port))).filter(Boolean);
    expect(known).toHaveLength(PATHS_PER_LINK_MAX);
    expect(plan.find(at(99))?.link).toBe('link');
  });

  it('remembers a bounded number of visitors, the latest', () => {
    const plan = new RoutePlan<string>();
    for (let port = 0; port < VISITORS_MAX + 10; port += 1) plan.note(at(port), `v${port}`, never);
    expect(plan.visitorCount).toBe(VISITORS_MAX);
    expect(plan.find(at(0))).toBeUndefined();
    expect(plan.find(at(VISITORS_MAX))).toBeDefined();
  });

  it('counts links by where they began, the /64 in IPv6', () => {
    const plan = new RoutePlan<string>();
    for (const [index, address] of ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'].entries()) {
      const path = plan.note(at(1, address), `v${index}`, never);
      if (path) plan.open(path, `link${index}`);
    }
    expect(plan.linkCountFrom('2001:db8::3')).toBe(2);
    plan.remove('link0');
    plan.remove('link0');
    expect(plan.linkCountFrom('2001:db8::3')).toBe(1);
    expect(plan.linkCountFrom('192.0.2.1')).toBe(0);
  });

  it('forgets everything of a link that is gone', () => {
    const { plan } = withLink();
    plan.note(at(2), 'page', never);
    plan.remove('link');
    expect(plan.find(at(1))).toBeUndefined();
    expect(plan.find(at(2))).toBeUndefined();
    expect(plan.note(at(3), 'page', never)?.link).toBeUndefined();
    expect([plan.linkCount, plan.linkCountFrom('192.0.2.1')]).toEqual([0, 0]);
  });
});
