import { sectionOf } from '../cib/document.ts';
import { idIndex } from '../cib/id-index.ts';
import { evaluateRule } from '../cib/rules/rule.ts';
import { parseRole } from '../model/role.ts';
import { parseScore } from '../model/score.ts';
import type { NodePicture, Picture } from '../status/picture.ts';
import { attribute, child, childrenNamed, element, type XmlElement } from '../xml/element.ts';
import { displayName } from './node-words.ts';
import { type Outline, section } from './outline.ts';
import { isShown, type View } from './view.ts';

interface Ban {
  readonly id: string;
  readonly resource: string;
  readonly node: NodePicture;
  readonly score: number;
  readonly promotedOnly: boolean;
}

/** Location constraints that keep resources from nodes, by rule or by name, the last one written first. */
function bansOf(picture: Picture, view: View): readonly Ban[] {
  const constraints = sectionOf(picture.cib, 'constraints');
  const locations = constraints === undefined ? [] : childrenNamed(constraints, 'rsc_location');
  return locations
    .flatMap(location =>
      resourcesOf(picture, location).flatMap(id =>
        picture.nodes.flatMap(node => banOn(picture, location, id, node)),
      ),
    )
    .filter(({ id, resource }) => {
      const of = picture.resourceById.get(resource);
      return id.startsWith(view.banPrefix ?? '') && (of === undefined || isShown(picture, of, view));
    })
    .reverse();
}

function resourcesOf(picture: Picture, location: XmlElement): readonly string[] {
  const id = attribute(location, 'rsc');
  if (id !== undefined) return picture.tags.get(id) ?? picture.templates.get(id) ?? [id];
  const pattern = attribute(location, 'rsc-pattern');
  if (pattern !== undefined) {
    const negated = pattern.startsWith('!');
    const matcher = patternOf(negated ? pattern.slice(1) : pattern);
    return picture.resources.map(one => one.id).filter(name => matcher?.test(name) === !negated);
  }
  return childrenNamed(location, 'resource_set').flatMap(set =>
    childrenNamed(set, 'resource_ref').flatMap(reference => attribute(reference, 'id') ?? []),
  );
}

function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

function banOn(picture: Picture, location: XmlElement, resource: string, node: NodePicture): readonly Ban[] {
  const rule = child(location, 'rule');
  const from = rule ?? location;
  if (rule === undefined && attribute(location, 'node')?.toLowerCase() !== node.name.toLowerCase()) return [];
  if (rule !== undefined) {
    const judged = evaluateRule(rule, { now: picture.now, node: node.attributes }, idIndex(picture.cib));
    if (judged.verdict !== 'satisfied') return [];
  }
  const scoreAttribute = rule === undefined ? undefined : attribute(rule, 'score-attribute');
  const text = scoreAttribute === undefined ? attribute(from, 'score') : node.attributes.get(scoreAttribute);
  const score = text === undefined ? undefined : parseScore(text);
  if (score === undefined || score >= 0) return [];
  const role = attribute(from, 'role') ?? attribute(location, 'role');
  const promotedOnly = role !== undefined && parseRole(role) === 'Promoted';
  return [{ id: attribute(from, 'id') ?? '', resource, node, score, promotedOnly }];
}

export function banOutline(picture: Picture, view: View): readonly Outline[] {
  const lines = bansOf(picture, view).map(({ id, resource, node, promotedOnly }) => {
    const as = promotedOnly ? ' in Promoted role' : '';
    return `${id}\tprevents ${resource} from running${as} on ${displayName(node, view)}`;
  });
  return lines.length === 0 ? [] : [section('Negative Location Constraints', lines)];
}

export function bansElement(picture: Picture, view: View): readonly XmlElement[] {
  const bans = bansOf(picture, view).map(({ id, resource, node, score, promotedOnly }) =>
    element('ban', {
      id,
      resource,
      node: node.name,
      weight: score,
      'promoted-only': promotedOnly,
      master_only: promotedOnly,
    }),
  );
  return bans.length === 0 ? [] : [element('bans', {}, bans)];
}
