// Generated from proto/schema by scripts/gen-proto.mjs. Do not edit.
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["freshet-summary"] || ($protobuf.roots["freshet-summary"] = {});

export const freshet = $root.freshet = (() => {

    /**
     * Namespace freshet.
     * @exports freshet
     * @namespace
     */
    const freshet = {};

    freshet.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof freshet
         * @namespace
         */
        const v1 = {};

        v1.Summary = (function() {

            /**
             * Properties of a Summary.
             * @typedef {Object} freshet.v1.Summary.$Properties
             * @property {number|null} [viewers] Summary viewers
             * @property {number|null} [relays] Summary relays
             * @property {number|null} [joins] Summary joins
             * @property {number|null} [leaves] Summary leaves
             * @property {number|null} [egressBps] Summary egressBps
             * @property {number|null} [relayBps] Summary relayBps
             * @property {number|null} [peerBps] Summary peerBps
             * @property {Array.<number>|null} [latency] Summary latency
             * @property {Array.<number>|null} [stalls] Summary stalls
             * @property {Array.<number>|null} [renditions] Summary renditions
             * @property {Array.<number>|null} [rows] Summary rows
             * @property {Array.<number>|null} [tree] Summary tree
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Summary.
             * @memberof freshet.v1
             * @interface ISummary
             * @augments freshet.v1.Summary.$Properties
             * @deprecated Use freshet.v1.Summary.$Properties instead.
             */

            /**
             * Shape of a Summary.
             * @typedef {freshet.v1.Summary.$Properties} freshet.v1.Summary.$Shape
             */

            /**
             * Constructs a new Summary.
             * @memberof freshet.v1
             * @classdesc Represents a Summary.
             * @constructor
             * @param {freshet.v1.Summary.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Summary = function (properties) {
                this.latency = [];
                this.stalls = [];
                this.renditions = [];
                this.rows = [];
                this.tree = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Summary viewers.
             * @member {number} viewers
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.viewers = 0;

            /**
             * Summary relays.
             * @member {number} relays
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.relays = 0;

            /**
             * Summary joins.
             * @member {number} joins
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.joins = 0;

            /**
             * Summary leaves.
             * @member {number} leaves
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.leaves = 0;

            /**
             * Summary egressBps.
             * @member {number} egressBps
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.egressBps = 0;

            /**
             * Summary relayBps.
             * @member {number} relayBps
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.relayBps = 0;

            /**
             * Summary peerBps.
             * @member {number} peerBps
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.peerBps = 0;

            /**
             * Summary latency.
             * @member {Array.<number>} latency
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.latency = $util.emptyArray;

            /**
             * Summary stalls.
             * @member {Array.<number>} stalls
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.stalls = $util.emptyArray;

            /**
             * Summary renditions.
             * @member {Array.<number>} renditions
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.renditions = $util.emptyArray;

            /**
             * Summary rows.
             * @member {Array.<number>} rows
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.rows = $util.emptyArray;

            /**
             * Summary tree.
             * @member {Array.<number>} tree
             * @memberof freshet.v1.Summary
             * @instance
             */
            Summary.prototype.tree = $util.emptyArray;

            /**
             * Encodes the specified Summary message. Does not implicitly {@link freshet.v1.Summary.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Summary
             * @static
             * @param {freshet.v1.Summary.$Properties} message Summary message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Summary.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.viewers != null && $Object.hasOwnProperty.call(message, "viewers") && message.viewers !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.viewers);
                if (message.relays != null && $Object.hasOwnProperty.call(message, "relays") && message.relays !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.relays);
                if (message.joins != null && $Object.hasOwnProperty.call(message, "joins") && message.joins !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.joins);
                if (message.leaves != null && $Object.hasOwnProperty.call(message, "leaves") && message.leaves !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.leaves);
                if (message.egressBps != null && $Object.hasOwnProperty.call(message, "egressBps") && !$Object.is(message.egressBps, 0))
                    writer.uint32(/* id 5, wireType 1 =*/41).double(message.egressBps);
                if (message.relayBps != null && $Object.hasOwnProperty.call(message, "relayBps") && !$Object.is(message.relayBps, 0))
                    writer.uint32(/* id 6, wireType 1 =*/49).double(message.relayBps);
                if (message.peerBps != null && $Object.hasOwnProperty.call(message, "peerBps") && !$Object.is(message.peerBps, 0))
                    writer.uint32(/* id 7, wireType 1 =*/57).double(message.peerBps);
                if (message.latency != null && message.latency.length)
                    writer.uint32(/* id 8, wireType 2 =*/66).uint32s(message.latency);
                if (message.stalls != null && message.stalls.length)
                    writer.uint32(/* id 9, wireType 2 =*/74).uint32s(message.stalls);
                if (message.renditions != null && message.renditions.length)
                    writer.uint32(/* id 10, wireType 2 =*/82).uint32s(message.renditions);
                if (message.rows != null && message.rows.length)
                    writer.uint32(/* id 11, wireType 2 =*/90).uint32s(message.rows);
                if (message.tree != null && message.tree.length)
                    writer.uint32(/* id 12, wireType 2 =*/98).uint32s(message.tree);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Summary message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Summary
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Summary & freshet.v1.Summary.$Shape} Summary
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Summary.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.freshet.v1.Summary();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.viewers = value;
                            else
                                delete message.viewers;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.relays = value;
                            else
                                delete message.relays;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.joins = value;
                            else
                                delete message.joins;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.leaves = value;
                            else
                                delete message.leaves;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.egressBps = value;
                            else
                                delete message.egressBps;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.relayBps = value;
                            else
                                delete message.relayBps;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.peerBps = value;
                            else
                                delete message.peerBps;
                            continue;
                        }
                    case 8: {
                            if (wireType === 2) {
                                if (!(message.latency && message.latency.length))
                                    message.latency = [];
                                reader.uint32s(message.latency);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.latency && message.latency.length))
                                message.latency = [];
                            message.latency.push(reader.uint32());
                            continue;
                        }
                    case 9: {
                            if (wireType === 2) {
                                if (!(message.stalls && message.stalls.length))
                                    message.stalls = [];
                                reader.uint32s(message.stalls);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.stalls && message.stalls.length))
                                message.stalls = [];
                            message.stalls.push(reader.uint32());
                            continue;
                        }
                    case 10: {
                            if (wireType === 2) {
                                if (!(message.renditions && message.renditions.length))
                                    message.renditions = [];
                                reader.uint32s(message.renditions);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.renditions && message.renditions.length))
                                message.renditions = [];
                            message.renditions.push(reader.uint32());
                            continue;
                        }
                    case 11: {
                            if (wireType === 2) {
                                if (!(message.rows && message.rows.length))
                                    message.rows = [];
                                reader.uint32s(message.rows);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rows && message.rows.length))
                                message.rows = [];
                            message.rows.push(reader.uint32());
                            continue;
                        }
                    case 12: {
                            if (wireType === 2) {
                                if (!(message.tree && message.tree.length))
                                    message.tree = [];
                                reader.uint32s(message.tree);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.tree && message.tree.length))
                                message.tree = [];
                            message.tree.push(reader.uint32());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Summary;
        })();

        return v1;
    })();

    return freshet;
})();

export {
  $root as default
};
