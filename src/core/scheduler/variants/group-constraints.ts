import { MUST } from '../assign/nodes.ts';
import { addColocation } from '../constraints/colocation.ts';
import { ORDER } from '../flags.ts';
import type { Resource } from '../model.ts';
import { orderTasks } from '../order/ordering.ts';
import { topOf } from '../tree.ts';

interface Course {
  readonly group: Resource;
  readonly ordered: boolean;
  readonly colocated: boolean;
  readonly promotable: boolean;
  lastActive: Resource | undefined;
  previous: Resource | undefined;
}

/** Members of a group start one after the other, stop the other way round, and keep together. */
export function constrainGroup(group: Resource): void {
  orderTasks(group, 'stop', group, 'stopped', ORDER.unrunnableFirstBlocks, 'group-bounds');
  orderTasks(group, 'stopped', group, 'start', ORDER.ordered, 'group-bounds');
  orderTasks(group, 'start', group, 'running', ORDER.unrunnableFirstBlocks, 'group-bounds');
  const course: Course = {
    group,
    ordered: group.facts.group?.ordered !== false,
    colocated: group.facts.group?.colocated !== false,
    promotable: topOf(group).flags.promotable,
    lastActive: undefined,
    previous: undefined,
  };
  for (const member of group.children) constrainMember(member, course);
}

const BLOCKING = ORDER.firstImpliesThen | ORDER.unrunnableFirstBlocks;

function constrainMember(member: Resource, course: Course): void {
  const { group, ordered, previous } = course;
  member.methods.constrain(member);
  let down = ORDER.thenImpliesFirstGraphed as number;
  let afterDown = ORDER.firstImpliesThenGraphed as number;
  if (previous === undefined) {
    if (ordered) {
      down |= ORDER.ordered;
      afterDown = ORDER.firstImpliesThen;
    }
  } else if (course.colocated) {
    addColocation({
      id: '#group-members',
      score: MUST,
      dependent: member,
      primary: previous,
      influence: member.flags.critical,
      explicit: false,
    });
  }
  if (course.promotable) orderRoles(member, group, { down, afterDown });
  orderTasks(group, 'stop', member, 'stop', down, 'group-bounds');
  orderTasks(member, 'stop', group, 'stopped', afterDown, 'group-bounds');
  orderTasks(group, 'start', member, 'start', ORDER.thenImpliesFirstGraphed, 'group-bounds');
  orderTasks(member, 'start', group, 'running', BLOCKING | ORDER.firstImpliesThenGraphed, 'group-bounds');
  if (!ordered) orderUnordered(member, course);
  else if (previous === undefined) orderFirst(member, course);
  else orderNext(member, previous, course);
  noteActive(member, course);
  course.previous = member;
}

function orderRoles(
  member: Resource,
  group: Resource,
  { down, afterDown }: { readonly down: number; readonly afterDown: number },
): void {
  orderTasks(group, 'demote', member, 'demote', down, 'group-bounds');
  orderTasks(member, 'demote', group, 'demoted', afterDown, 'group-bounds');
  orderTasks(member, 'promote', group, 'promoted', BLOCKING | ORDER.firstImpliesThenGraphed, 'group-bounds');
  orderTasks(group, 'promote', member, 'promote', ORDER.thenImpliesFirstGraphed, 'group-bounds');
}

function orderUnordered(member: Resource, { group, promotable }: Course): void {
  const flags = BLOCKING | ORDER.thenImpliesFirstGraphed;
  orderTasks(group, 'start', member, 'start', flags, 'group-bounds');
  if (promotable) orderTasks(group, 'promote', member, 'promote', flags, 'group-bounds');
}

function orderFirst(member: Resource, { group, promotable }: Course): void {
  orderTasks(group, 'start', member, 'start', ORDER.none, 'group-bounds');
  if (promotable) orderTasks(group, 'promote', member, 'promote', ORDER.none, 'group-bounds');
}

function orderNext(member: Resource, previous: Resource, { promotable }: Course): void {
  orderTasks(previous, 'start', member, 'start', BLOCKING, 'group-order');
  orderTasks(member, 'stop', previous, 'stop', ORDER.ordered | ORDER.intermediateStop, 'group-order');
  if (member.active.length > 0 && previous.active.length === 0) {
    orderTasks(
      member,
      'stop',
      previous,
      'start',
      ORDER.thenImpliesFirst | ORDER.unrunnableFirstBlocks,
      'group-order',
    );
  }
  if (!promotable) return;
  orderTasks(previous, 'promote', member, 'promote', BLOCKING, 'group-order');
  orderTasks(member, 'demote', previous, 'demote', ORDER.ordered, 'group-order');
}

/** A member that is active after one that is not still stops before the last that is. */
function noteActive(member: Resource, course: Course): void {
  if (member.active.length === 0) return;
  const { ordered, previous, lastActive } = course;
  if (ordered && previous !== undefined && previous.active.length === 0 && lastActive !== undefined) {
    if (lastActive.active.length > 0)
      orderTasks(member, 'stop', lastActive, 'stop', ORDER.ordered, 'group-order');
  }
  course.lastActive = member;
}
