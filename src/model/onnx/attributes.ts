import type { OnnxAttribute, OnnxNode } from './model-proto.ts';

/** A graph that isn't one of ours; the message completes "the model is damaged: …". */
export class GraphFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GraphFault';
  }
}

type AttributeOf<Kind extends OnnxAttribute['kind']> = Extract<OnnxAttribute, { kind: Kind }>;

/** Typed access to a node's attributes; one that is absent or of another type is a GraphFault. */
export class Attributes {
  private readonly node: OnnxNode;

  constructor(node: OnnxNode) {
    this.node = node;
  }

  ints(name: string): ArrayLike<number> {
    return this.find(name, 'ints').value;
  }

  floats(name: string): Float32Array {
    return this.find(name, 'floats').value;
  }

  strings(name: string): readonly string[] {
    return this.find(name, 'strings').value;
  }

  int(name: string): number {
    return this.find(name, 'int').value;
  }

  private find<Kind extends OnnxAttribute['kind']>(name: string, kind: Kind): AttributeOf<Kind> {
    const found = this.node.attributes.find(
      (attribute): attribute is AttributeOf<Kind> => attribute.name === name && attribute.kind === kind,
    );
    if (found) return found;
    throw new GraphFault(`${this.node.operator} "${this.node.outputs[0]}" lacks the attribute ${name}`);
  }
}
