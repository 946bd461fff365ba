// Generated from proto/schema by scripts/gen-proto.mjs. Do not edit.
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["freshet"] || ($protobuf.roots["freshet"] = {});

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

        v1.Certificate = (function() {

            /**
             * Properties of a Certificate.
             * @typedef {Object} freshet.v1.Certificate.$Properties
             * @property {Uint8Array|null} [channelKey] Certificate channelKey
             * @property {Uint8Array|null} [sessionKey] Certificate sessionKey
             * @property {number|null} [epochFirst] Certificate epochFirst
             * @property {number|null} [epochLast] Certificate epochLast
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Certificate.
             * @memberof freshet.v1
             * @interface ICertificate
             * @augments freshet.v1.Certificate.$Properties
             * @deprecated Use freshet.v1.Certificate.$Properties instead.
             */

            /**
             * Shape of a Certificate.
             * @typedef {freshet.v1.Certificate.$Properties} freshet.v1.Certificate.$Shape
             */

            /**
             * Constructs a new Certificate.
             * @memberof freshet.v1
             * @classdesc Represents a Certificate.
             * @constructor
             * @param {freshet.v1.Certificate.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Certificate = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Certificate channelKey.
             * @member {Uint8Array} channelKey
             * @memberof freshet.v1.Certificate
             * @instance
             */
            Certificate.prototype.channelKey = $util.newBuffer([]);

            /**
             * Certificate sessionKey.
             * @member {Uint8Array} sessionKey
             * @memberof freshet.v1.Certificate
             * @instance
             */
            Certificate.prototype.sessionKey = $util.newBuffer([]);

            /**
             * Certificate epochFirst.
             * @member {number} epochFirst
             * @memberof freshet.v1.Certificate
             * @instance
             */
            Certificate.prototype.epochFirst = 0;

            /**
             * Certificate epochLast.
             * @member {number} epochLast
             * @memberof freshet.v1.Certificate
             * @instance
             */
            Certificate.prototype.epochLast = 0;

            /**
             * Encodes the specified Certificate message. Does not implicitly {@link freshet.v1.Certificate.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Certificate
             * @static
             * @param {freshet.v1.Certificate.$Properties} message Certificate message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Certificate.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.channelKey != null && $Object.hasOwnProperty.call(message, "channelKey") && message.channelKey.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.channelKey);
                if (message.sessionKey != null && $Object.hasOwnProperty.call(message, "sessionKey") && message.sessionKey.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.sessionKey);
                if (message.epochFirst != null && $Object.hasOwnProperty.call(message, "epochFirst") && !$Object.is(message.epochFirst, 0))
                    writer.uint32(/* id 3, wireType 1 =*/25).double(message.epochFirst);
                if (message.epochLast != null && $Object.hasOwnProperty.call(message, "epochLast") && !$Object.is(message.epochLast, 0))
                    writer.uint32(/* id 4, wireType 1 =*/33).double(message.epochLast);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Certificate message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Certificate
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Certificate & freshet.v1.Certificate.$Shape} Certificate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Certificate.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Certificate();
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
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.channelKey = value;
                            else
                                delete message.channelKey;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.sessionKey = value;
                            else
                                delete message.sessionKey;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.epochFirst = value;
                            else
                                delete message.epochFirst;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.epochLast = value;
                            else
                                delete message.epochLast;
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

            return Certificate;
        })();

        v1.SignedCertificate = (function() {

            /**
             * Properties of a SignedCertificate.
             * @typedef {Object} freshet.v1.SignedCertificate.$Properties
             * @property {Uint8Array|null} [certificate] SignedCertificate certificate
             * @property {Uint8Array|null} [signature] SignedCertificate signature
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SignedCertificate.
             * @memberof freshet.v1
             * @interface ISignedCertificate
             * @augments freshet.v1.SignedCertificate.$Properties
             * @deprecated Use freshet.v1.SignedCertificate.$Properties instead.
             */

            /**
             * Shape of a SignedCertificate.
             * @typedef {freshet.v1.SignedCertificate.$Properties} freshet.v1.SignedCertificate.$Shape
             */

            /**
             * Constructs a new SignedCertificate.
             * @memberof freshet.v1
             * @classdesc Represents a SignedCertificate.
             * @constructor
             * @param {freshet.v1.SignedCertificate.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SignedCertificate = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SignedCertificate certificate.
             * @member {Uint8Array} certificate
             * @memberof freshet.v1.SignedCertificate
             * @instance
             */
            SignedCertificate.prototype.certificate = $util.newBuffer([]);

            /**
             * SignedCertificate signature.
             * @member {Uint8Array} signature
             * @memberof freshet.v1.SignedCertificate
             * @instance
             */
            SignedCertificate.prototype.signature = $util.newBuffer([]);

            /**
             * Encodes the specified SignedCertificate message. Does not implicitly {@link freshet.v1.SignedCertificate.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.SignedCertificate
             * @static
             * @param {freshet.v1.SignedCertificate.$Properties} message SignedCertificate message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SignedCertificate.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.certificate != null && $Object.hasOwnProperty.call(message, "certificate") && message.certificate.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.certificate);
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SignedCertificate message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.SignedCertificate
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.SignedCertificate & freshet.v1.SignedCertificate.$Shape} SignedCertificate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SignedCertificate.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.SignedCertificate();
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
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.certificate = value;
                            else
                                delete message.certificate;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signature = value;
                            else
                                delete message.signature;
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

            return SignedCertificate;
        })();

        /**
         * BroadcastState enum.
         * @name freshet.v1.BroadcastState
         * @enum {number}
         * @property {number} BROADCAST_STATE_UNSPECIFIED=0 BROADCAST_STATE_UNSPECIFIED value
         * @property {number} WAITING=1 WAITING value
         * @property {number} LIVE=2 LIVE value
         * @property {number} ENDED=3 ENDED value
         */
        v1.BroadcastState = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "BROADCAST_STATE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "WAITING"] = 1;
            values[valuesById[2] = "LIVE"] = 2;
            values[valuesById[3] = "ENDED"] = 3;
            return values;
        })();

        v1.Rendition = (function() {

            /**
             * Properties of a Rendition.
             * @typedef {Object} freshet.v1.Rendition.$Properties
             * @property {number|null} [id] Rendition id
             * @property {string|null} [name] Rendition name
             * @property {string|null} [mimeType] Rendition mimeType
             * @property {number|null} [width] Rendition width
             * @property {number|null} [height] Rendition height
             * @property {number|null} [frameRateMilli] Rendition frameRateMilli
             * @property {number|null} [bitrate] Rendition bitrate
             * @property {Uint8Array|null} [initSegment] Rendition initSegment
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Rendition.
             * @memberof freshet.v1
             * @interface IRendition
             * @augments freshet.v1.Rendition.$Properties
             * @deprecated Use freshet.v1.Rendition.$Properties instead.
             */

            /**
             * Shape of a Rendition.
             * @typedef {freshet.v1.Rendition.$Properties} freshet.v1.Rendition.$Shape
             */

            /**
             * Constructs a new Rendition.
             * @memberof freshet.v1
             * @classdesc Represents a Rendition.
             * @constructor
             * @param {freshet.v1.Rendition.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Rendition = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Rendition id.
             * @member {number} id
             * @memberof freshet.v1.Rendition
             * @instance
             */
            Rendition.prototype.id = 0;

            /**
             * Rendition name.
             * @member {string} name
             * @memberof freshet.v1.Rendition
             * @instance
             */
            Rendition.prototype.name = "";

            /**
             * Rendition mimeType.
             * @member {string} mimeType
             * @memberof freshet.v1.Rendition
             * @instance
             */
            Rendition.prototype.mimeType = "";

            /**
             * Rendition width.
             * @member {number} width
             * @memberof freshet.v1.Rendition
             * @instance
             */
            Rendition.prototype.width = 0;

            /**
             * Rendition height.
             * @member {number} height
             * @memberof freshet.v1.Rendition
             * @instance
             */
            Rendition.prototype.height = 0;

            /**
             * Rendition frameRateMilli.
             * @member {number} frameRateMilli
             * @memberof freshet.v1.Rendition
             * @instance
             */
            Rendition.prototype.frameRateMilli = 0;

            /**
             * Rendition bitrate.
             * @member {number} bitrate
             * @memberof freshet.v1.Rendition
             * @instance
             */
            Rendition.prototype.bitrate = 0;

            /**
             * Rendition initSegment.
             * @member {Uint8Array} initSegment
             * @memberof freshet.v1.Rendition
             * @instance
             */
            Rendition.prototype.initSegment = $util.newBuffer([]);

            /**
             * Encodes the specified Rendition message. Does not implicitly {@link freshet.v1.Rendition.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Rendition
             * @static
             * @param {freshet.v1.Rendition.$Properties} message Rendition message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Rendition.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.mimeType != null && $Object.hasOwnProperty.call(message, "mimeType") && message.mimeType !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.mimeType);
                if (message.width != null && $Object.hasOwnProperty.call(message, "width") && message.width !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.width);
                if (message.height != null && $Object.hasOwnProperty.call(message, "height") && message.height !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.height);
                if (message.frameRateMilli != null && $Object.hasOwnProperty.call(message, "frameRateMilli") && message.frameRateMilli !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.frameRateMilli);
                if (message.bitrate != null && $Object.hasOwnProperty.call(message, "bitrate") && message.bitrate !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.bitrate);
                if (message.initSegment != null && $Object.hasOwnProperty.call(message, "initSegment") && message.initSegment.length)
                    writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.initSegment);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Rendition message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Rendition
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Rendition & freshet.v1.Rendition.$Shape} Rendition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Rendition.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Rendition();
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
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.mimeType = value;
                            else
                                delete message.mimeType;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.width = value;
                            else
                                delete message.width;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.height = value;
                            else
                                delete message.height;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.frameRateMilli = value;
                            else
                                delete message.frameRateMilli;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.bitrate = value;
                            else
                                delete message.bitrate;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.initSegment = value;
                            else
                                delete message.initSegment;
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

            return Rendition;
        })();

        v1.Catalog = (function() {

            /**
             * Properties of a Catalog.
             * @typedef {Object} freshet.v1.Catalog.$Properties
             * @property {number|null} [epoch] Catalog epoch
             * @property {number|null} [revision] Catalog revision
             * @property {freshet.v1.BroadcastState|null} [state] Catalog state
             * @property {string|null} [title] Catalog title
             * @property {number|null} [startedMs] Catalog startedMs
             * @property {number|null} [stripeCount] Catalog stripeCount
             * @property {Array.<freshet.v1.Rendition.$Properties>|null} [renditions] Catalog renditions
             * @property {Array.<string>|null} [relays] Catalog relays
             * @property {Array.<Uint8Array>|null} [tickets] Catalog tickets
             * @property {string|null} [description] Catalog description
             * @property {string|null} [reason] Catalog reason
             * @property {number|null} [startsMs] Catalog startsMs
             * @property {Uint8Array|null} [posterSha256] Catalog posterSha256
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Catalog.
             * @memberof freshet.v1
             * @interface ICatalog
             * @augments freshet.v1.Catalog.$Properties
             * @deprecated Use freshet.v1.Catalog.$Properties instead.
             */

            /**
             * Shape of a Catalog.
             * @typedef {freshet.v1.Catalog.$Properties} freshet.v1.Catalog.$Shape
             */

            /**
             * Constructs a new Catalog.
             * @memberof freshet.v1
             * @classdesc Represents a Catalog.
             * @constructor
             * @param {freshet.v1.Catalog.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Catalog = function (properties) {
                this.renditions = [];
                this.relays = [];
                this.tickets = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Catalog epoch.
             * @member {number} epoch
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.epoch = 0;

            /**
             * Catalog revision.
             * @member {number} revision
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.revision = 0;

            /**
             * Catalog state.
             * @member {freshet.v1.BroadcastState} state
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.state = 0;

            /**
             * Catalog title.
             * @member {string} title
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.title = "";

            /**
             * Catalog startedMs.
             * @member {number} startedMs
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.startedMs = 0;

            /**
             * Catalog stripeCount.
             * @member {number} stripeCount
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.stripeCount = 0;

            /**
             * Catalog renditions.
             * @member {Array.<freshet.v1.Rendition.$Properties>} renditions
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.renditions = $util.emptyArray;

            /**
             * Catalog relays.
             * @member {Array.<string>} relays
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.relays = $util.emptyArray;

            /**
             * Catalog tickets.
             * @member {Array.<Uint8Array>} tickets
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.tickets = $util.emptyArray;

            /**
             * Catalog description.
             * @member {string} description
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.description = "";

            /**
             * Catalog reason.
             * @member {string} reason
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.reason = "";

            /**
             * Catalog startsMs.
             * @member {number} startsMs
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.startsMs = 0;

            /**
             * Catalog posterSha256.
             * @member {Uint8Array} posterSha256
             * @memberof freshet.v1.Catalog
             * @instance
             */
            Catalog.prototype.posterSha256 = $util.newBuffer([]);

            /**
             * Encodes the specified Catalog message. Does not implicitly {@link freshet.v1.Catalog.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Catalog
             * @static
             * @param {freshet.v1.Catalog.$Properties} message Catalog message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Catalog.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && !$Object.is(message.epoch, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.epoch);
                if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && message.revision !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.revision);
                if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.state);
                if (message.title != null && $Object.hasOwnProperty.call(message, "title") && message.title !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.title);
                if (message.startedMs != null && $Object.hasOwnProperty.call(message, "startedMs") && !$Object.is(message.startedMs, 0))
                    writer.uint32(/* id 5, wireType 1 =*/41).double(message.startedMs);
                if (message.stripeCount != null && $Object.hasOwnProperty.call(message, "stripeCount") && message.stripeCount !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.stripeCount);
                if (message.renditions != null && message.renditions.length)
                    for (let i = 0; i < message.renditions.length; ++i)
                        $root.freshet.v1.Rendition.encode(message.renditions[i], writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.relays != null && message.relays.length)
                    for (let i = 0; i < message.relays.length; ++i)
                        writer.uint32(/* id 8, wireType 2 =*/66).string(message.relays[i]);
                if (message.tickets != null && message.tickets.length)
                    for (let i = 0; i < message.tickets.length; ++i)
                        writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.tickets[i]);
                if (message.description != null && $Object.hasOwnProperty.call(message, "description") && message.description !== "")
                    writer.uint32(/* id 10, wireType 2 =*/82).string(message.description);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 11, wireType 2 =*/90).string(message.reason);
                if (message.startsMs != null && $Object.hasOwnProperty.call(message, "startsMs") && !$Object.is(message.startsMs, 0))
                    writer.uint32(/* id 12, wireType 1 =*/97).double(message.startsMs);
                if (message.posterSha256 != null && $Object.hasOwnProperty.call(message, "posterSha256") && message.posterSha256.length)
                    writer.uint32(/* id 13, wireType 2 =*/106).bytes(message.posterSha256);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Catalog message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Catalog
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Catalog & freshet.v1.Catalog.$Shape} Catalog
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Catalog.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Catalog();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.revision = value;
                            else
                                delete message.revision;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.state = value;
                            else
                                delete message.state;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.title = value;
                            else
                                delete message.title;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.startedMs = value;
                            else
                                delete message.startedMs;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stripeCount = value;
                            else
                                delete message.stripeCount;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (!(message.renditions && message.renditions.length))
                                message.renditions = [];
                            message.renditions.push($root.freshet.v1.Rendition.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.relays && message.relays.length))
                                message.relays = [];
                            message.relays.push(reader.stringVerify());
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if (!(message.tickets && message.tickets.length))
                                message.tickets = [];
                            message.tickets.push(reader.bytes());
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.description = value;
                            else
                                delete message.description;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.startsMs = value;
                            else
                                delete message.startsMs;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.posterSha256 = value;
                            else
                                delete message.posterSha256;
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

            return Catalog;
        })();

        v1.SignedCatalog = (function() {

            /**
             * Properties of a SignedCatalog.
             * @typedef {Object} freshet.v1.SignedCatalog.$Properties
             * @property {Uint8Array|null} [catalog] SignedCatalog catalog
             * @property {Uint8Array|null} [signature] SignedCatalog signature
             * @property {freshet.v1.SignedCertificate.$Properties|null} [certificate] SignedCatalog certificate
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SignedCatalog.
             * @memberof freshet.v1
             * @interface ISignedCatalog
             * @augments freshet.v1.SignedCatalog.$Properties
             * @deprecated Use freshet.v1.SignedCatalog.$Properties instead.
             */

            /**
             * Shape of a SignedCatalog.
             * @typedef {freshet.v1.SignedCatalog.$Properties} freshet.v1.SignedCatalog.$Shape
             */

            /**
             * Constructs a new SignedCatalog.
             * @memberof freshet.v1
             * @classdesc Represents a SignedCatalog.
             * @constructor
             * @param {freshet.v1.SignedCatalog.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SignedCatalog = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SignedCatalog catalog.
             * @member {Uint8Array} catalog
             * @memberof freshet.v1.SignedCatalog
             * @instance
             */
            SignedCatalog.prototype.catalog = $util.newBuffer([]);

            /**
             * SignedCatalog signature.
             * @member {Uint8Array} signature
             * @memberof freshet.v1.SignedCatalog
             * @instance
             */
            SignedCatalog.prototype.signature = $util.newBuffer([]);

            /**
             * SignedCatalog certificate.
             * @member {freshet.v1.SignedCertificate.$Properties|null|undefined} certificate
             * @memberof freshet.v1.SignedCatalog
             * @instance
             */
            SignedCatalog.prototype.certificate = null;

            /**
             * Encodes the specified SignedCatalog message. Does not implicitly {@link freshet.v1.SignedCatalog.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.SignedCatalog
             * @static
             * @param {freshet.v1.SignedCatalog.$Properties} message SignedCatalog message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SignedCatalog.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.catalog != null && $Object.hasOwnProperty.call(message, "catalog") && message.catalog.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.catalog);
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
                if (message.certificate != null && $Object.hasOwnProperty.call(message, "certificate"))
                    $root.freshet.v1.SignedCertificate.encode(message.certificate, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SignedCatalog message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.SignedCatalog
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.SignedCatalog & freshet.v1.SignedCatalog.$Shape} SignedCatalog
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SignedCatalog.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.SignedCatalog();
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
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.catalog = value;
                            else
                                delete message.catalog;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signature = value;
                            else
                                delete message.signature;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.certificate = $root.freshet.v1.SignedCertificate.decode(reader, reader.size(), $undefined, _depth + 1, message.certificate);
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

            return SignedCatalog;
        })();

        v1.PieceHeader = (function() {

            /**
             * Properties of a PieceHeader.
             * @typedef {Object} freshet.v1.PieceHeader.$Properties
             * @property {number|null} [epoch] PieceHeader epoch
             * @property {number|null} [rendition] PieceHeader rendition
             * @property {number|null} [sequence] PieceHeader sequence
             * @property {number|null} [chunk] PieceHeader chunk
             * @property {number|null} [index] PieceHeader index
             * @property {number|null} [count] PieceHeader count
             * @property {number|null} [groupOffset] PieceHeader groupOffset
             * @property {number|null} [mediaUs] PieceHeader mediaUs
             * @property {number|null} [durationUs] PieceHeader durationUs
             * @property {number|null} [captureMs] PieceHeader captureMs
             * @property {Uint8Array|null} [payloadSha256] PieceHeader payloadSha256
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PieceHeader.
             * @memberof freshet.v1
             * @interface IPieceHeader
             * @augments freshet.v1.PieceHeader.$Properties
             * @deprecated Use freshet.v1.PieceHeader.$Properties instead.
             */

            /**
             * Shape of a PieceHeader.
             * @typedef {freshet.v1.PieceHeader.$Properties} freshet.v1.PieceHeader.$Shape
             */

            /**
             * Constructs a new PieceHeader.
             * @memberof freshet.v1
             * @classdesc Represents a PieceHeader.
             * @constructor
             * @param {freshet.v1.PieceHeader.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PieceHeader = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PieceHeader epoch.
             * @member {number} epoch
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.epoch = 0;

            /**
             * PieceHeader rendition.
             * @member {number} rendition
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.rendition = 0;

            /**
             * PieceHeader sequence.
             * @member {number} sequence
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.sequence = 0;

            /**
             * PieceHeader chunk.
             * @member {number} chunk
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.chunk = 0;

            /**
             * PieceHeader index.
             * @member {number} index
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.index = 0;

            /**
             * PieceHeader count.
             * @member {number} count
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.count = 0;

            /**
             * PieceHeader groupOffset.
             * @member {number} groupOffset
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.groupOffset = 0;

            /**
             * PieceHeader mediaUs.
             * @member {number} mediaUs
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.mediaUs = 0;

            /**
             * PieceHeader durationUs.
             * @member {number} durationUs
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.durationUs = 0;

            /**
             * PieceHeader captureMs.
             * @member {number} captureMs
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.captureMs = 0;

            /**
             * PieceHeader payloadSha256.
             * @member {Uint8Array} payloadSha256
             * @memberof freshet.v1.PieceHeader
             * @instance
             */
            PieceHeader.prototype.payloadSha256 = $util.newBuffer([]);

            /**
             * Encodes the specified PieceHeader message. Does not implicitly {@link freshet.v1.PieceHeader.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.PieceHeader
             * @static
             * @param {freshet.v1.PieceHeader.$Properties} message PieceHeader message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PieceHeader.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && !$Object.is(message.epoch, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.epoch);
                if (message.rendition != null && $Object.hasOwnProperty.call(message, "rendition") && message.rendition !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.rendition);
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && message.sequence !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.sequence);
                if (message.chunk != null && $Object.hasOwnProperty.call(message, "chunk") && message.chunk !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.chunk);
                if (message.index != null && $Object.hasOwnProperty.call(message, "index") && message.index !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.index);
                if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.count);
                if (message.groupOffset != null && $Object.hasOwnProperty.call(message, "groupOffset") && message.groupOffset !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.groupOffset);
                if (message.mediaUs != null && $Object.hasOwnProperty.call(message, "mediaUs") && !$Object.is(message.mediaUs, 0))
                    writer.uint32(/* id 8, wireType 1 =*/65).double(message.mediaUs);
                if (message.durationUs != null && $Object.hasOwnProperty.call(message, "durationUs") && message.durationUs !== 0)
                    writer.uint32(/* id 9, wireType 0 =*/72).uint32(message.durationUs);
                if (message.captureMs != null && $Object.hasOwnProperty.call(message, "captureMs") && !$Object.is(message.captureMs, 0))
                    writer.uint32(/* id 10, wireType 1 =*/81).double(message.captureMs);
                if (message.payloadSha256 != null && $Object.hasOwnProperty.call(message, "payloadSha256") && message.payloadSha256.length)
                    writer.uint32(/* id 11, wireType 2 =*/90).bytes(message.payloadSha256);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PieceHeader message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.PieceHeader
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.PieceHeader & freshet.v1.PieceHeader.$Shape} PieceHeader
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PieceHeader.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.PieceHeader();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rendition = value;
                            else
                                delete message.rendition;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.chunk = value;
                            else
                                delete message.chunk;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.index = value;
                            else
                                delete message.index;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.count = value;
                            else
                                delete message.count;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.groupOffset = value;
                            else
                                delete message.groupOffset;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.mediaUs = value;
                            else
                                delete message.mediaUs;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.durationUs = value;
                            else
                                delete message.durationUs;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.captureMs = value;
                            else
                                delete message.captureMs;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payloadSha256 = value;
                            else
                                delete message.payloadSha256;
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

            return PieceHeader;
        })();

        /**
         * Role enum.
         * @name freshet.v1.Role
         * @enum {number}
         * @property {number} ROLE_UNSPECIFIED=0 ROLE_UNSPECIFIED value
         * @property {number} RELAY=1 RELAY value
         * @property {number} VIEWER=2 VIEWER value
         */
        v1.Role = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "ROLE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "RELAY"] = 1;
            values[valuesById[2] = "VIEWER"] = 2;
            return values;
        })();

        v1.Hello = (function() {

            /**
             * Properties of a Hello.
             * @typedef {Object} freshet.v1.Hello.$Properties
             * @property {number|null} [versionMin] Hello versionMin
             * @property {number|null} [versionMax] Hello versionMax
             * @property {Array.<number>|null} [capabilities] Hello capabilities
             * @property {Uint8Array|null} [channelKey] Hello channelKey
             * @property {freshet.v1.Role|null} [role] Hello role
             * @property {string|null} [agent] Hello agent
             * @property {string|null} [origin] Hello origin
             * @property {string|null} [originToken] Hello originToken
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Hello.
             * @memberof freshet.v1
             * @interface IHello
             * @augments freshet.v1.Hello.$Properties
             * @deprecated Use freshet.v1.Hello.$Properties instead.
             */

            /**
             * Shape of a Hello.
             * @typedef {freshet.v1.Hello.$Properties} freshet.v1.Hello.$Shape
             */

            /**
             * Constructs a new Hello.
             * @memberof freshet.v1
             * @classdesc Represents a Hello.
             * @constructor
             * @param {freshet.v1.Hello.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Hello = function (properties) {
                this.capabilities = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Hello versionMin.
             * @member {number} versionMin
             * @memberof freshet.v1.Hello
             * @instance
             */
            Hello.prototype.versionMin = 0;

            /**
             * Hello versionMax.
             * @member {number} versionMax
             * @memberof freshet.v1.Hello
             * @instance
             */
            Hello.prototype.versionMax = 0;

            /**
             * Hello capabilities.
             * @member {Array.<number>} capabilities
             * @memberof freshet.v1.Hello
             * @instance
             */
            Hello.prototype.capabilities = $util.emptyArray;

            /**
             * Hello channelKey.
             * @member {Uint8Array} channelKey
             * @memberof freshet.v1.Hello
             * @instance
             */
            Hello.prototype.channelKey = $util.newBuffer([]);

            /**
             * Hello role.
             * @member {freshet.v1.Role} role
             * @memberof freshet.v1.Hello
             * @instance
             */
            Hello.prototype.role = 0;

            /**
             * Hello agent.
             * @member {string} agent
             * @memberof freshet.v1.Hello
             * @instance
             */
            Hello.prototype.agent = "";

            /**
             * Hello origin.
             * @member {string} origin
             * @memberof freshet.v1.Hello
             * @instance
             */
            Hello.prototype.origin = "";

            /**
             * Hello originToken.
             * @member {string} originToken
             * @memberof freshet.v1.Hello
             * @instance
             */
            Hello.prototype.originToken = "";

            /**
             * Encodes the specified Hello message. Does not implicitly {@link freshet.v1.Hello.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Hello
             * @static
             * @param {freshet.v1.Hello.$Properties} message Hello message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Hello.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.versionMin != null && $Object.hasOwnProperty.call(message, "versionMin") && message.versionMin !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.versionMin);
                if (message.versionMax != null && $Object.hasOwnProperty.call(message, "versionMax") && message.versionMax !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.versionMax);
                if (message.capabilities != null && message.capabilities.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).uint32s(message.capabilities);
                if (message.channelKey != null && $Object.hasOwnProperty.call(message, "channelKey") && message.channelKey.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.channelKey);
                if (message.role != null && $Object.hasOwnProperty.call(message, "role") && message.role !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).int32(message.role);
                if (message.agent != null && $Object.hasOwnProperty.call(message, "agent") && message.agent !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.agent);
                if (message.origin != null && $Object.hasOwnProperty.call(message, "origin") && message.origin !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.origin);
                if (message.originToken != null && $Object.hasOwnProperty.call(message, "originToken") && message.originToken !== "")
                    writer.uint32(/* id 8, wireType 2 =*/66).string(message.originToken);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Hello
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Hello & freshet.v1.Hello.$Shape} Hello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Hello.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Hello();
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
                                message.versionMin = value;
                            else
                                delete message.versionMin;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.versionMax = value;
                            else
                                delete message.versionMax;
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.capabilities && message.capabilities.length))
                                    message.capabilities = [];
                                reader.uint32s(message.capabilities);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.capabilities && message.capabilities.length))
                                message.capabilities = [];
                            message.capabilities.push(reader.uint32());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.channelKey = value;
                            else
                                delete message.channelKey;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.role = value;
                            else
                                delete message.role;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.agent = value;
                            else
                                delete message.agent;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.origin = value;
                            else
                                delete message.origin;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.originToken = value;
                            else
                                delete message.originToken;
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

            return Hello;
        })();

        v1.Subscribe = (function() {

            /**
             * Properties of a Subscribe.
             * @typedef {Object} freshet.v1.Subscribe.$Properties
             * @property {number|null} [rendition] Subscribe rendition
             * @property {number|null} [stripeMask] Subscribe stripeMask
             * @property {number|null} [from] Subscribe from
             * @property {number|null} [behindMs] Subscribe behindMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Subscribe.
             * @memberof freshet.v1
             * @interface ISubscribe
             * @augments freshet.v1.Subscribe.$Properties
             * @deprecated Use freshet.v1.Subscribe.$Properties instead.
             */

            /**
             * Shape of a Subscribe.
             * @typedef {freshet.v1.Subscribe.$Properties} freshet.v1.Subscribe.$Shape
             */

            /**
             * Constructs a new Subscribe.
             * @memberof freshet.v1
             * @classdesc Represents a Subscribe.
             * @constructor
             * @param {freshet.v1.Subscribe.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Subscribe = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Subscribe rendition.
             * @member {number} rendition
             * @memberof freshet.v1.Subscribe
             * @instance
             */
            Subscribe.prototype.rendition = 0;

            /**
             * Subscribe stripeMask.
             * @member {number} stripeMask
             * @memberof freshet.v1.Subscribe
             * @instance
             */
            Subscribe.prototype.stripeMask = 0;

            /**
             * Subscribe from.
             * @member {number|null|undefined} from
             * @memberof freshet.v1.Subscribe
             * @instance
             */
            Subscribe.prototype.from = null;

            /**
             * Subscribe behindMs.
             * @member {number} behindMs
             * @memberof freshet.v1.Subscribe
             * @instance
             */
            Subscribe.prototype.behindMs = 0;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Subscribe.prototype, "_from", {
                get: $util.oneOfGetter($oneOfFields = ["from"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Subscribe message. Does not implicitly {@link freshet.v1.Subscribe.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Subscribe
             * @static
             * @param {freshet.v1.Subscribe.$Properties} message Subscribe message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Subscribe.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rendition != null && $Object.hasOwnProperty.call(message, "rendition") && message.rendition !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.rendition);
                if (message.stripeMask != null && $Object.hasOwnProperty.call(message, "stripeMask") && message.stripeMask !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.stripeMask);
                if (message.from != null && $Object.hasOwnProperty.call(message, "from"))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.from);
                if (message.behindMs != null && $Object.hasOwnProperty.call(message, "behindMs") && message.behindMs !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.behindMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Subscribe message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Subscribe
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Subscribe & freshet.v1.Subscribe.$Shape} Subscribe
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Subscribe.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Subscribe();
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
                                message.rendition = value;
                            else
                                delete message.rendition;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stripeMask = value;
                            else
                                delete message.stripeMask;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            message.from = reader.uint32();
                            message._from = "from";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.behindMs = value;
                            else
                                delete message.behindMs;
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

            return Subscribe;
        })();

        v1.Unsubscribe = (function() {

            /**
             * Properties of an Unsubscribe.
             * @typedef {Object} freshet.v1.Unsubscribe.$Properties
             * @property {number|null} [rendition] Unsubscribe rendition
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Unsubscribe.
             * @memberof freshet.v1
             * @interface IUnsubscribe
             * @augments freshet.v1.Unsubscribe.$Properties
             * @deprecated Use freshet.v1.Unsubscribe.$Properties instead.
             */

            /**
             * Shape of an Unsubscribe.
             * @typedef {freshet.v1.Unsubscribe.$Properties} freshet.v1.Unsubscribe.$Shape
             */

            /**
             * Constructs a new Unsubscribe.
             * @memberof freshet.v1
             * @classdesc Represents an Unsubscribe.
             * @constructor
             * @param {freshet.v1.Unsubscribe.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Unsubscribe = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Unsubscribe rendition.
             * @member {number} rendition
             * @memberof freshet.v1.Unsubscribe
             * @instance
             */
            Unsubscribe.prototype.rendition = 0;

            /**
             * Encodes the specified Unsubscribe message. Does not implicitly {@link freshet.v1.Unsubscribe.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Unsubscribe
             * @static
             * @param {freshet.v1.Unsubscribe.$Properties} message Unsubscribe message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Unsubscribe.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rendition != null && $Object.hasOwnProperty.call(message, "rendition") && message.rendition !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.rendition);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Unsubscribe message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Unsubscribe
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Unsubscribe & freshet.v1.Unsubscribe.$Shape} Unsubscribe
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Unsubscribe.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Unsubscribe();
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
                                message.rendition = value;
                            else
                                delete message.rendition;
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

            return Unsubscribe;
        })();

        v1.Absent = (function() {

            /**
             * Properties of an Absent.
             * @typedef {Object} freshet.v1.Absent.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Absent.
             * @memberof freshet.v1
             * @interface IAbsent
             * @augments freshet.v1.Absent.$Properties
             * @deprecated Use freshet.v1.Absent.$Properties instead.
             */

            /**
             * Shape of an Absent.
             * @typedef {freshet.v1.Absent.$Properties} freshet.v1.Absent.$Shape
             */

            /**
             * Constructs a new Absent.
             * @memberof freshet.v1
             * @classdesc Represents an Absent.
             * @constructor
             * @param {freshet.v1.Absent.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Absent = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified Absent message. Does not implicitly {@link freshet.v1.Absent.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Absent
             * @static
             * @param {freshet.v1.Absent.$Properties} message Absent message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Absent.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Absent message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Absent
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Absent & freshet.v1.Absent.$Shape} Absent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Absent.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.freshet.v1.Absent();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
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

            return Absent;
        })();

        v1.Ping = (function() {

            /**
             * Properties of a Ping.
             * @typedef {Object} freshet.v1.Ping.$Properties
             * @property {number|null} [sentMs] Ping sentMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Ping.
             * @memberof freshet.v1
             * @interface IPing
             * @augments freshet.v1.Ping.$Properties
             * @deprecated Use freshet.v1.Ping.$Properties instead.
             */

            /**
             * Shape of a Ping.
             * @typedef {freshet.v1.Ping.$Properties} freshet.v1.Ping.$Shape
             */

            /**
             * Constructs a new Ping.
             * @memberof freshet.v1
             * @classdesc Represents a Ping.
             * @constructor
             * @param {freshet.v1.Ping.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Ping = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Ping sentMs.
             * @member {number} sentMs
             * @memberof freshet.v1.Ping
             * @instance
             */
            Ping.prototype.sentMs = 0;

            /**
             * Encodes the specified Ping message. Does not implicitly {@link freshet.v1.Ping.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Ping
             * @static
             * @param {freshet.v1.Ping.$Properties} message Ping message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Ping.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sentMs != null && $Object.hasOwnProperty.call(message, "sentMs") && !$Object.is(message.sentMs, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.sentMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Ping message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Ping
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Ping & freshet.v1.Ping.$Shape} Ping
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Ping.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Ping();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.sentMs = value;
                            else
                                delete message.sentMs;
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

            return Ping;
        })();

        v1.Pong = (function() {

            /**
             * Properties of a Pong.
             * @typedef {Object} freshet.v1.Pong.$Properties
             * @property {number|null} [sentMs] Pong sentMs
             * @property {number|null} [broadcastMs] Pong broadcastMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Pong.
             * @memberof freshet.v1
             * @interface IPong
             * @augments freshet.v1.Pong.$Properties
             * @deprecated Use freshet.v1.Pong.$Properties instead.
             */

            /**
             * Shape of a Pong.
             * @typedef {freshet.v1.Pong.$Properties} freshet.v1.Pong.$Shape
             */

            /**
             * Constructs a new Pong.
             * @memberof freshet.v1
             * @classdesc Represents a Pong.
             * @constructor
             * @param {freshet.v1.Pong.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Pong = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Pong sentMs.
             * @member {number} sentMs
             * @memberof freshet.v1.Pong
             * @instance
             */
            Pong.prototype.sentMs = 0;

            /**
             * Pong broadcastMs.
             * @member {number|null|undefined} broadcastMs
             * @memberof freshet.v1.Pong
             * @instance
             */
            Pong.prototype.broadcastMs = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Pong.prototype, "_broadcastMs", {
                get: $util.oneOfGetter($oneOfFields = ["broadcastMs"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Pong message. Does not implicitly {@link freshet.v1.Pong.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Pong
             * @static
             * @param {freshet.v1.Pong.$Properties} message Pong message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Pong.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sentMs != null && $Object.hasOwnProperty.call(message, "sentMs") && !$Object.is(message.sentMs, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.sentMs);
                if (message.broadcastMs != null && $Object.hasOwnProperty.call(message, "broadcastMs"))
                    writer.uint32(/* id 2, wireType 1 =*/17).double(message.broadcastMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Pong message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Pong
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Pong & freshet.v1.Pong.$Shape} Pong
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Pong.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Pong();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.sentMs = value;
                            else
                                delete message.sentMs;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            message.broadcastMs = reader.double();
                            message._broadcastMs = "broadcastMs";
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

            return Pong;
        })();

        v1.Audience = (function() {

            /**
             * Properties of an Audience.
             * @typedef {Object} freshet.v1.Audience.$Properties
             * @property {number|null} [viewerCount] Audience viewerCount
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Audience.
             * @memberof freshet.v1
             * @interface IAudience
             * @augments freshet.v1.Audience.$Properties
             * @deprecated Use freshet.v1.Audience.$Properties instead.
             */

            /**
             * Shape of an Audience.
             * @typedef {freshet.v1.Audience.$Properties} freshet.v1.Audience.$Shape
             */

            /**
             * Constructs a new Audience.
             * @memberof freshet.v1
             * @classdesc Represents an Audience.
             * @constructor
             * @param {freshet.v1.Audience.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Audience = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Audience viewerCount.
             * @member {number} viewerCount
             * @memberof freshet.v1.Audience
             * @instance
             */
            Audience.prototype.viewerCount = 0;

            /**
             * Encodes the specified Audience message. Does not implicitly {@link freshet.v1.Audience.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Audience
             * @static
             * @param {freshet.v1.Audience.$Properties} message Audience message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Audience.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.viewerCount != null && $Object.hasOwnProperty.call(message, "viewerCount") && message.viewerCount !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.viewerCount);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Audience message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Audience
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Audience & freshet.v1.Audience.$Shape} Audience
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Audience.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Audience();
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
                                message.viewerCount = value;
                            else
                                delete message.viewerCount;
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

            return Audience;
        })();

        v1.Path = (function() {

            /**
             * Properties of a Path.
             * @typedef {Object} freshet.v1.Path.$Properties
             * @property {Array.<number>|null} [nodes] Path nodes
             * @property {number|null} [loadPermille] Path loadPermille
             * @property {Array.<string>|null} [siblings] Path siblings
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Path.
             * @memberof freshet.v1
             * @interface IPath
             * @augments freshet.v1.Path.$Properties
             * @deprecated Use freshet.v1.Path.$Properties instead.
             */

            /**
             * Shape of a Path.
             * @typedef {freshet.v1.Path.$Properties} freshet.v1.Path.$Shape
             */

            /**
             * Constructs a new Path.
             * @memberof freshet.v1
             * @classdesc Represents a Path.
             * @constructor
             * @param {freshet.v1.Path.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Path = function (properties) {
                this.nodes = [];
                this.siblings = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Path nodes.
             * @member {Array.<number>} nodes
             * @memberof freshet.v1.Path
             * @instance
             */
            Path.prototype.nodes = $util.emptyArray;

            /**
             * Path loadPermille.
             * @member {number} loadPermille
             * @memberof freshet.v1.Path
             * @instance
             */
            Path.prototype.loadPermille = 0;

            /**
             * Path siblings.
             * @member {Array.<string>} siblings
             * @memberof freshet.v1.Path
             * @instance
             */
            Path.prototype.siblings = $util.emptyArray;

            /**
             * Encodes the specified Path message. Does not implicitly {@link freshet.v1.Path.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Path
             * @static
             * @param {freshet.v1.Path.$Properties} message Path message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Path.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.nodes != null && message.nodes.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).doubles(message.nodes);
                if (message.loadPermille != null && $Object.hasOwnProperty.call(message, "loadPermille") && message.loadPermille !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.loadPermille);
                if (message.siblings != null && message.siblings.length)
                    for (let i = 0; i < message.siblings.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.siblings[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Path message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Path
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Path & freshet.v1.Path.$Shape} Path
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Path.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Path();
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
                            if (wireType === 2) {
                                if (!(message.nodes && message.nodes.length))
                                    message.nodes = [];
                                reader.doubles(message.nodes);
                                continue;
                            }
                            if (wireType !== 1)
                                break;
                            if (!(message.nodes && message.nodes.length))
                                message.nodes = [];
                            message.nodes.push(reader.double());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.loadPermille = value;
                            else
                                delete message.loadPermille;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.siblings && message.siblings.length))
                                message.siblings = [];
                            message.siblings.push(reader.stringVerify());
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

            return Path;
        })();

        v1.Redirect = (function() {

            /**
             * Properties of a Redirect.
             * @typedef {Object} freshet.v1.Redirect.$Properties
             * @property {Array.<string>|null} [relays] Redirect relays
             * @property {boolean|null} [isLeaving] Redirect isLeaving
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Redirect.
             * @memberof freshet.v1
             * @interface IRedirect
             * @augments freshet.v1.Redirect.$Properties
             * @deprecated Use freshet.v1.Redirect.$Properties instead.
             */

            /**
             * Shape of a Redirect.
             * @typedef {freshet.v1.Redirect.$Properties} freshet.v1.Redirect.$Shape
             */

            /**
             * Constructs a new Redirect.
             * @memberof freshet.v1
             * @classdesc Represents a Redirect.
             * @constructor
             * @param {freshet.v1.Redirect.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Redirect = function (properties) {
                this.relays = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Redirect relays.
             * @member {Array.<string>} relays
             * @memberof freshet.v1.Redirect
             * @instance
             */
            Redirect.prototype.relays = $util.emptyArray;

            /**
             * Redirect isLeaving.
             * @member {boolean} isLeaving
             * @memberof freshet.v1.Redirect
             * @instance
             */
            Redirect.prototype.isLeaving = false;

            /**
             * Encodes the specified Redirect message. Does not implicitly {@link freshet.v1.Redirect.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Redirect
             * @static
             * @param {freshet.v1.Redirect.$Properties} message Redirect message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Redirect.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.relays != null && message.relays.length)
                    for (let i = 0; i < message.relays.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.relays[i]);
                if (message.isLeaving != null && $Object.hasOwnProperty.call(message, "isLeaving") && message.isLeaving !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.isLeaving);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Redirect message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Redirect
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Redirect & freshet.v1.Redirect.$Shape} Redirect
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Redirect.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Redirect();
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
                            if (wireType !== 2)
                                break;
                            if (!(message.relays && message.relays.length))
                                message.relays = [];
                            message.relays.push(reader.stringVerify());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.isLeaving = value;
                            else
                                delete message.isLeaving;
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

            return Redirect;
        })();

        v1.Share = (function() {

            /**
             * Properties of a Share.
             * @typedef {Object} freshet.v1.Share.$Properties
             * @property {number|null} [peer] Share peer
             * @property {number|null} [secret] Share secret
             * @property {number|null} [rendition] Share rendition
             * @property {number|null} [uplinkBps] Share uplinkBps
             * @property {number|null} [linksMax] Share linksMax
             * @property {Array.<freshet.v1.Edge.$Properties>|null} [kept] Share kept
             * @property {number|null} [rttMs] Share rttMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Share.
             * @memberof freshet.v1
             * @interface IShare
             * @augments freshet.v1.Share.$Properties
             * @deprecated Use freshet.v1.Share.$Properties instead.
             */

            /**
             * Shape of a Share.
             * @typedef {freshet.v1.Share.$Properties} freshet.v1.Share.$Shape
             */

            /**
             * Constructs a new Share.
             * @memberof freshet.v1
             * @classdesc Represents a Share.
             * @constructor
             * @param {freshet.v1.Share.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Share = function (properties) {
                this.kept = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Share peer.
             * @member {number} peer
             * @memberof freshet.v1.Share
             * @instance
             */
            Share.prototype.peer = 0;

            /**
             * Share secret.
             * @member {number} secret
             * @memberof freshet.v1.Share
             * @instance
             */
            Share.prototype.secret = 0;

            /**
             * Share rendition.
             * @member {number} rendition
             * @memberof freshet.v1.Share
             * @instance
             */
            Share.prototype.rendition = 0;

            /**
             * Share uplinkBps.
             * @member {number} uplinkBps
             * @memberof freshet.v1.Share
             * @instance
             */
            Share.prototype.uplinkBps = 0;

            /**
             * Share linksMax.
             * @member {number} linksMax
             * @memberof freshet.v1.Share
             * @instance
             */
            Share.prototype.linksMax = 0;

            /**
             * Share kept.
             * @member {Array.<freshet.v1.Edge.$Properties>} kept
             * @memberof freshet.v1.Share
             * @instance
             */
            Share.prototype.kept = $util.emptyArray;

            /**
             * Share rttMs.
             * @member {number} rttMs
             * @memberof freshet.v1.Share
             * @instance
             */
            Share.prototype.rttMs = 0;

            /**
             * Encodes the specified Share message. Does not implicitly {@link freshet.v1.Share.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Share
             * @static
             * @param {freshet.v1.Share.$Properties} message Share message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Share.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && !$Object.is(message.peer, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.peer);
                if (message.secret != null && $Object.hasOwnProperty.call(message, "secret") && !$Object.is(message.secret, 0))
                    writer.uint32(/* id 2, wireType 1 =*/17).double(message.secret);
                if (message.rendition != null && $Object.hasOwnProperty.call(message, "rendition") && message.rendition !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.rendition);
                if (message.uplinkBps != null && $Object.hasOwnProperty.call(message, "uplinkBps") && message.uplinkBps !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.uplinkBps);
                if (message.linksMax != null && $Object.hasOwnProperty.call(message, "linksMax") && message.linksMax !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.linksMax);
                if (message.kept != null && message.kept.length)
                    for (let i = 0; i < message.kept.length; ++i)
                        $root.freshet.v1.Edge.encode(message.kept[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.rttMs != null && $Object.hasOwnProperty.call(message, "rttMs") && message.rttMs !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.rttMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Share message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Share
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Share & freshet.v1.Share.$Shape} Share
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Share.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Share();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.peer = value;
                            else
                                delete message.peer;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.secret = value;
                            else
                                delete message.secret;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rendition = value;
                            else
                                delete message.rendition;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.uplinkBps = value;
                            else
                                delete message.uplinkBps;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.linksMax = value;
                            else
                                delete message.linksMax;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.kept && message.kept.length))
                                message.kept = [];
                            message.kept.push($root.freshet.v1.Edge.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rttMs = value;
                            else
                                delete message.rttMs;
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

            return Share;
        })();

        v1.Edge = (function() {

            /**
             * Properties of an Edge.
             * @typedef {Object} freshet.v1.Edge.$Properties
             * @property {number|null} [stripe] Edge stripe
             * @property {number|null} [parent] Edge parent
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Edge.
             * @memberof freshet.v1
             * @interface IEdge
             * @augments freshet.v1.Edge.$Properties
             * @deprecated Use freshet.v1.Edge.$Properties instead.
             */

            /**
             * Shape of an Edge.
             * @typedef {freshet.v1.Edge.$Properties} freshet.v1.Edge.$Shape
             */

            /**
             * Constructs a new Edge.
             * @memberof freshet.v1
             * @classdesc Represents an Edge.
             * @constructor
             * @param {freshet.v1.Edge.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Edge = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Edge stripe.
             * @member {number} stripe
             * @memberof freshet.v1.Edge
             * @instance
             */
            Edge.prototype.stripe = 0;

            /**
             * Edge parent.
             * @member {number} parent
             * @memberof freshet.v1.Edge
             * @instance
             */
            Edge.prototype.parent = 0;

            /**
             * Encodes the specified Edge message. Does not implicitly {@link freshet.v1.Edge.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Edge
             * @static
             * @param {freshet.v1.Edge.$Properties} message Edge message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Edge.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.stripe != null && $Object.hasOwnProperty.call(message, "stripe") && message.stripe !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.stripe);
                if (message.parent != null && $Object.hasOwnProperty.call(message, "parent") && !$Object.is(message.parent, 0))
                    writer.uint32(/* id 2, wireType 1 =*/17).double(message.parent);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Edge message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Edge
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Edge & freshet.v1.Edge.$Shape} Edge
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Edge.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Edge();
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
                                message.stripe = value;
                            else
                                delete message.stripe;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.parent = value;
                            else
                                delete message.parent;
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

            return Edge;
        })();

        v1.Probe = (function() {

            /**
             * Properties of a Probe.
             * @typedef {Object} freshet.v1.Probe.$Properties
             * @property {number|null} [bytes] Probe bytes
             * @property {Uint8Array|null} [padding] Probe padding
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Probe.
             * @memberof freshet.v1
             * @interface IProbe
             * @augments freshet.v1.Probe.$Properties
             * @deprecated Use freshet.v1.Probe.$Properties instead.
             */

            /**
             * Shape of a Probe.
             * @typedef {freshet.v1.Probe.$Properties} freshet.v1.Probe.$Shape
             */

            /**
             * Constructs a new Probe.
             * @memberof freshet.v1
             * @classdesc Represents a Probe.
             * @constructor
             * @param {freshet.v1.Probe.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Probe = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Probe bytes.
             * @member {number} bytes
             * @memberof freshet.v1.Probe
             * @instance
             */
            Probe.prototype.bytes = 0;

            /**
             * Probe padding.
             * @member {Uint8Array} padding
             * @memberof freshet.v1.Probe
             * @instance
             */
            Probe.prototype.padding = $util.newBuffer([]);

            /**
             * Encodes the specified Probe message. Does not implicitly {@link freshet.v1.Probe.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Probe
             * @static
             * @param {freshet.v1.Probe.$Properties} message Probe message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Probe.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && message.bytes !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.bytes);
                if (message.padding != null && $Object.hasOwnProperty.call(message, "padding") && message.padding.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.padding);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Probe message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Probe
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Probe & freshet.v1.Probe.$Shape} Probe
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Probe.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Probe();
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
                                message.bytes = value;
                            else
                                delete message.bytes;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.padding = value;
                            else
                                delete message.padding;
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

            return Probe;
        })();

        v1.Plan = (function() {

            /**
             * Properties of a Plan.
             * @typedef {Object} freshet.v1.Plan.$Properties
             * @property {Array.<freshet.v1.PlanLink.$Properties>|null} [links] Plan links
             * @property {number|null} [stunPort] Plan stunPort
             * @property {number|null} [uplinkBps] Plan uplinkBps
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Plan.
             * @memberof freshet.v1
             * @interface IPlan
             * @augments freshet.v1.Plan.$Properties
             * @deprecated Use freshet.v1.Plan.$Properties instead.
             */

            /**
             * Shape of a Plan.
             * @typedef {freshet.v1.Plan.$Properties} freshet.v1.Plan.$Shape
             */

            /**
             * Constructs a new Plan.
             * @memberof freshet.v1
             * @classdesc Represents a Plan.
             * @constructor
             * @param {freshet.v1.Plan.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Plan = function (properties) {
                this.links = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Plan links.
             * @member {Array.<freshet.v1.PlanLink.$Properties>} links
             * @memberof freshet.v1.Plan
             * @instance
             */
            Plan.prototype.links = $util.emptyArray;

            /**
             * Plan stunPort.
             * @member {number} stunPort
             * @memberof freshet.v1.Plan
             * @instance
             */
            Plan.prototype.stunPort = 0;

            /**
             * Plan uplinkBps.
             * @member {number} uplinkBps
             * @memberof freshet.v1.Plan
             * @instance
             */
            Plan.prototype.uplinkBps = 0;

            /**
             * Encodes the specified Plan message. Does not implicitly {@link freshet.v1.Plan.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Plan
             * @static
             * @param {freshet.v1.Plan.$Properties} message Plan message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Plan.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.links != null && message.links.length)
                    for (let i = 0; i < message.links.length; ++i)
                        $root.freshet.v1.PlanLink.encode(message.links[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.stunPort != null && $Object.hasOwnProperty.call(message, "stunPort") && message.stunPort !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.stunPort);
                if (message.uplinkBps != null && $Object.hasOwnProperty.call(message, "uplinkBps") && message.uplinkBps !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.uplinkBps);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Plan message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Plan
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Plan & freshet.v1.Plan.$Shape} Plan
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Plan.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Plan();
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
                            if (wireType !== 2)
                                break;
                            if (!(message.links && message.links.length))
                                message.links = [];
                            message.links.push($root.freshet.v1.PlanLink.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stunPort = value;
                            else
                                delete message.stunPort;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.uplinkBps = value;
                            else
                                delete message.uplinkBps;
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

            return Plan;
        })();

        v1.PlanLink = (function() {

            /**
             * Properties of a PlanLink.
             * @typedef {Object} freshet.v1.PlanLink.$Properties
             * @property {number|null} [peer] PlanLink peer
             * @property {number|null} [parentMask] PlanLink parentMask
             * @property {number|null} [childMask] PlanLink childMask
             * @property {number|null} [standbyMask] PlanLink standbyMask
             * @property {number|null} [weight] PlanLink weight
             * @property {boolean|null} [isOfferer] PlanLink isOfferer
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PlanLink.
             * @memberof freshet.v1
             * @interface IPlanLink
             * @augments freshet.v1.PlanLink.$Properties
             * @deprecated Use freshet.v1.PlanLink.$Properties instead.
             */

            /**
             * Shape of a PlanLink.
             * @typedef {freshet.v1.PlanLink.$Properties} freshet.v1.PlanLink.$Shape
             */

            /**
             * Constructs a new PlanLink.
             * @memberof freshet.v1
             * @classdesc Represents a PlanLink.
             * @constructor
             * @param {freshet.v1.PlanLink.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PlanLink = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PlanLink peer.
             * @member {number} peer
             * @memberof freshet.v1.PlanLink
             * @instance
             */
            PlanLink.prototype.peer = 0;

            /**
             * PlanLink parentMask.
             * @member {number} parentMask
             * @memberof freshet.v1.PlanLink
             * @instance
             */
            PlanLink.prototype.parentMask = 0;

            /**
             * PlanLink childMask.
             * @member {number} childMask
             * @memberof freshet.v1.PlanLink
             * @instance
             */
            PlanLink.prototype.childMask = 0;

            /**
             * PlanLink standbyMask.
             * @member {number} standbyMask
             * @memberof freshet.v1.PlanLink
             * @instance
             */
            PlanLink.prototype.standbyMask = 0;

            /**
             * PlanLink weight.
             * @member {number} weight
             * @memberof freshet.v1.PlanLink
             * @instance
             */
            PlanLink.prototype.weight = 0;

            /**
             * PlanLink isOfferer.
             * @member {boolean} isOfferer
             * @memberof freshet.v1.PlanLink
             * @instance
             */
            PlanLink.prototype.isOfferer = false;

            /**
             * Encodes the specified PlanLink message. Does not implicitly {@link freshet.v1.PlanLink.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.PlanLink
             * @static
             * @param {freshet.v1.PlanLink.$Properties} message PlanLink message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PlanLink.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && !$Object.is(message.peer, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.peer);
                if (message.parentMask != null && $Object.hasOwnProperty.call(message, "parentMask") && message.parentMask !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.parentMask);
                if (message.childMask != null && $Object.hasOwnProperty.call(message, "childMask") && message.childMask !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.childMask);
                if (message.standbyMask != null && $Object.hasOwnProperty.call(message, "standbyMask") && message.standbyMask !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.standbyMask);
                if (message.weight != null && $Object.hasOwnProperty.call(message, "weight") && message.weight !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.weight);
                if (message.isOfferer != null && $Object.hasOwnProperty.call(message, "isOfferer") && message.isOfferer !== false)
                    writer.uint32(/* id 6, wireType 0 =*/48).bool(message.isOfferer);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PlanLink message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.PlanLink
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.PlanLink & freshet.v1.PlanLink.$Shape} PlanLink
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PlanLink.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.PlanLink();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.peer = value;
                            else
                                delete message.peer;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.parentMask = value;
                            else
                                delete message.parentMask;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.childMask = value;
                            else
                                delete message.childMask;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.standbyMask = value;
                            else
                                delete message.standbyMask;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.weight = value;
                            else
                                delete message.weight;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.isOfferer = value;
                            else
                                delete message.isOfferer;
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

            return PlanLink;
        })();

        v1.Signal = (function() {

            /**
             * Properties of a Signal.
             * @typedef {Object} freshet.v1.Signal.$Properties
             * @property {number|null} [peer] Signal peer
             * @property {Uint8Array|null} [body] Signal body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Signal.
             * @memberof freshet.v1
             * @interface ISignal
             * @augments freshet.v1.Signal.$Properties
             * @deprecated Use freshet.v1.Signal.$Properties instead.
             */

            /**
             * Shape of a Signal.
             * @typedef {freshet.v1.Signal.$Properties} freshet.v1.Signal.$Shape
             */

            /**
             * Constructs a new Signal.
             * @memberof freshet.v1
             * @classdesc Represents a Signal.
             * @constructor
             * @param {freshet.v1.Signal.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Signal = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Signal peer.
             * @member {number} peer
             * @memberof freshet.v1.Signal
             * @instance
             */
            Signal.prototype.peer = 0;

            /**
             * Signal body.
             * @member {Uint8Array} body
             * @memberof freshet.v1.Signal
             * @instance
             */
            Signal.prototype.body = $util.newBuffer([]);

            /**
             * Encodes the specified Signal message. Does not implicitly {@link freshet.v1.Signal.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Signal
             * @static
             * @param {freshet.v1.Signal.$Properties} message Signal message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Signal.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && !$Object.is(message.peer, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.peer);
                if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.body);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Signal message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Signal
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Signal & freshet.v1.Signal.$Shape} Signal
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Signal.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Signal();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.peer = value;
                            else
                                delete message.peer;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.body = value;
                            else
                                delete message.body;
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

            return Signal;
        })();

        /**
         * ReportKind enum.
         * @name freshet.v1.ReportKind
         * @enum {number}
         * @property {number} REPORT_KIND_UNSPECIFIED=0 REPORT_KIND_UNSPECIFIED value
         * @property {number} UNREACHABLE=1 UNREACHABLE value
         * @property {number} SILENT=2 SILENT value
         * @property {number} LATE=3 LATE value
         * @property {number} FORGED=4 FORGED value
         * @property {number} OVERLOADED=5 OVERLOADED value
         */
        v1.ReportKind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "REPORT_KIND_UNSPECIFIED"] = 0;
            values[valuesById[1] = "UNREACHABLE"] = 1;
            values[valuesById[2] = "SILENT"] = 2;
            values[valuesById[3] = "LATE"] = 3;
            values[valuesById[4] = "FORGED"] = 4;
            values[valuesById[5] = "OVERLOADED"] = 5;
            return values;
        })();

        v1.Report = (function() {

            /**
             * Properties of a Report.
             * @typedef {Object} freshet.v1.Report.$Properties
             * @property {number|null} [peer] Report peer
             * @property {freshet.v1.ReportKind|null} [kind] Report kind
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Report.
             * @memberof freshet.v1
             * @interface IReport
             * @augments freshet.v1.Report.$Properties
             * @deprecated Use freshet.v1.Report.$Properties instead.
             */

            /**
             * Shape of a Report.
             * @typedef {freshet.v1.Report.$Properties} freshet.v1.Report.$Shape
             */

            /**
             * Constructs a new Report.
             * @memberof freshet.v1
             * @classdesc Represents a Report.
             * @constructor
             * @param {freshet.v1.Report.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Report = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Report peer.
             * @member {number} peer
             * @memberof freshet.v1.Report
             * @instance
             */
            Report.prototype.peer = 0;

            /**
             * Report kind.
             * @member {freshet.v1.ReportKind} kind
             * @memberof freshet.v1.Report
             * @instance
             */
            Report.prototype.kind = 0;

            /**
             * Encodes the specified Report message. Does not implicitly {@link freshet.v1.Report.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Report
             * @static
             * @param {freshet.v1.Report.$Properties} message Report message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Report.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && !$Object.is(message.peer, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.peer);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).int32(message.kind);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Report message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Report
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Report & freshet.v1.Report.$Shape} Report
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Report.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Report();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.peer = value;
                            else
                                delete message.peer;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kind = value;
                            else
                                delete message.kind;
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

            return Report;
        })();

        v1.Request = (function() {

            /**
             * Properties of a Request.
             * @typedef {Object} freshet.v1.Request.$Properties
             * @property {number|null} [rendition] Request rendition
             * @property {Array.<number>|null} [sequences] Request sequences
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Request.
             * @memberof freshet.v1
             * @interface IRequest
             * @augments freshet.v1.Request.$Properties
             * @deprecated Use freshet.v1.Request.$Properties instead.
             */

            /**
             * Shape of a Request.
             * @typedef {freshet.v1.Request.$Properties} freshet.v1.Request.$Shape
             */

            /**
             * Constructs a new Request.
             * @memberof freshet.v1
             * @classdesc Represents a Request.
             * @constructor
             * @param {freshet.v1.Request.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Request = function (properties) {
                this.sequences = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Request rendition.
             * @member {number} rendition
             * @memberof freshet.v1.Request
             * @instance
             */
            Request.prototype.rendition = 0;

            /**
             * Request sequences.
             * @member {Array.<number>} sequences
             * @memberof freshet.v1.Request
             * @instance
             */
            Request.prototype.sequences = $util.emptyArray;

            /**
             * Encodes the specified Request message. Does not implicitly {@link freshet.v1.Request.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Request
             * @static
             * @param {freshet.v1.Request.$Properties} message Request message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Request.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rendition != null && $Object.hasOwnProperty.call(message, "rendition") && message.rendition !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.rendition);
                if (message.sequences != null && message.sequences.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).uint32s(message.sequences);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Request message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Request
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Request & freshet.v1.Request.$Shape} Request
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Request.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Request();
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
                                message.rendition = value;
                            else
                                delete message.rendition;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.sequences && message.sequences.length))
                                    message.sequences = [];
                                reader.uint32s(message.sequences);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.sequences && message.sequences.length))
                                message.sequences = [];
                            message.sequences.push(reader.uint32());
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

            return Request;
        })();

        v1.Missing = (function() {

            /**
             * Properties of a Missing.
             * @typedef {Object} freshet.v1.Missing.$Properties
             * @property {number|null} [rendition] Missing rendition
             * @property {Array.<number>|null} [sequences] Missing sequences
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Missing.
             * @memberof freshet.v1
             * @interface IMissing
             * @augments freshet.v1.Missing.$Properties
             * @deprecated Use freshet.v1.Missing.$Properties instead.
             */

            /**
             * Shape of a Missing.
             * @typedef {freshet.v1.Missing.$Properties} freshet.v1.Missing.$Shape
             */

            /**
             * Constructs a new Missing.
             * @memberof freshet.v1
             * @classdesc Represents a Missing.
             * @constructor
             * @param {freshet.v1.Missing.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Missing = function (properties) {
                this.sequences = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Missing rendition.
             * @member {number} rendition
             * @memberof freshet.v1.Missing
             * @instance
             */
            Missing.prototype.rendition = 0;

            /**
             * Missing sequences.
             * @member {Array.<number>} sequences
             * @memberof freshet.v1.Missing
             * @instance
             */
            Missing.prototype.sequences = $util.emptyArray;

            /**
             * Encodes the specified Missing message. Does not implicitly {@link freshet.v1.Missing.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Missing
             * @static
             * @param {freshet.v1.Missing.$Properties} message Missing message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Missing.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rendition != null && $Object.hasOwnProperty.call(message, "rendition") && message.rendition !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.rendition);
                if (message.sequences != null && message.sequences.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).uint32s(message.sequences);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Missing message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Missing
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Missing & freshet.v1.Missing.$Shape} Missing
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Missing.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Missing();
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
                                message.rendition = value;
                            else
                                delete message.rendition;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.sequences && message.sequences.length))
                                    message.sequences = [];
                                reader.uint32s(message.sequences);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.sequences && message.sequences.length))
                                message.sequences = [];
                            message.sequences.push(reader.uint32());
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

            return Missing;
        })();

        v1.Declined = (function() {

            /**
             * Properties of a Declined.
             * @typedef {Object} freshet.v1.Declined.$Properties
             * @property {number|null} [rendition] Declined rendition
             * @property {number|null} [stripeMask] Declined stripeMask
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Declined.
             * @memberof freshet.v1
             * @interface IDeclined
             * @augments freshet.v1.Declined.$Properties
             * @deprecated Use freshet.v1.Declined.$Properties instead.
             */

            /**
             * Shape of a Declined.
             * @typedef {freshet.v1.Declined.$Properties} freshet.v1.Declined.$Shape
             */

            /**
             * Constructs a new Declined.
             * @memberof freshet.v1
             * @classdesc Represents a Declined.
             * @constructor
             * @param {freshet.v1.Declined.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Declined = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Declined rendition.
             * @member {number} rendition
             * @memberof freshet.v1.Declined
             * @instance
             */
            Declined.prototype.rendition = 0;

            /**
             * Declined stripeMask.
             * @member {number} stripeMask
             * @memberof freshet.v1.Declined
             * @instance
             */
            Declined.prototype.stripeMask = 0;

            /**
             * Encodes the specified Declined message. Does not implicitly {@link freshet.v1.Declined.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Declined
             * @static
             * @param {freshet.v1.Declined.$Properties} message Declined message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Declined.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rendition != null && $Object.hasOwnProperty.call(message, "rendition") && message.rendition !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.rendition);
                if (message.stripeMask != null && $Object.hasOwnProperty.call(message, "stripeMask") && message.stripeMask !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.stripeMask);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Declined message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Declined
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Declined & freshet.v1.Declined.$Shape} Declined
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Declined.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Declined();
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
                                message.rendition = value;
                            else
                                delete message.rendition;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stripeMask = value;
                            else
                                delete message.stripeMask;
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

            return Declined;
        })();

        v1.Playing = (function() {

            /**
             * Properties of a Playing.
             * @typedef {Object} freshet.v1.Playing.$Properties
             * @property {number|null} [rendition] Playing rendition
             * @property {number|null} [latencyMs] Playing latencyMs
             * @property {number|null} [stalls] Playing stalls
             * @property {number|null} [stallMs] Playing stallMs
             * @property {number|null} [spanMs] Playing spanMs
             * @property {number|null} [relayBytes] Playing relayBytes
             * @property {number|null} [peerBytes] Playing peerBytes
             * @property {number|null} [givenBytes] Playing givenBytes
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Playing.
             * @memberof freshet.v1
             * @interface IPlaying
             * @augments freshet.v1.Playing.$Properties
             * @deprecated Use freshet.v1.Playing.$Properties instead.
             */

            /**
             * Shape of a Playing.
             * @typedef {freshet.v1.Playing.$Properties} freshet.v1.Playing.$Shape
             */

            /**
             * Constructs a new Playing.
             * @memberof freshet.v1
             * @classdesc Represents a Playing.
             * @constructor
             * @param {freshet.v1.Playing.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Playing = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Playing rendition.
             * @member {number} rendition
             * @memberof freshet.v1.Playing
             * @instance
             */
            Playing.prototype.rendition = 0;

            /**
             * Playing latencyMs.
             * @member {number} latencyMs
             * @memberof freshet.v1.Playing
             * @instance
             */
            Playing.prototype.latencyMs = 0;

            /**
             * Playing stalls.
             * @member {number} stalls
             * @memberof freshet.v1.Playing
             * @instance
             */
            Playing.prototype.stalls = 0;

            /**
             * Playing stallMs.
             * @member {number} stallMs
             * @memberof freshet.v1.Playing
             * @instance
             */
            Playing.prototype.stallMs = 0;

            /**
             * Playing spanMs.
             * @member {number} spanMs
             * @memberof freshet.v1.Playing
             * @instance
             */
            Playing.prototype.spanMs = 0;

            /**
             * Playing relayBytes.
             * @member {number} relayBytes
             * @memberof freshet.v1.Playing
             * @instance
             */
            Playing.prototype.relayBytes = 0;

            /**
             * Playing peerBytes.
             * @member {number} peerBytes
             * @memberof freshet.v1.Playing
             * @instance
             */
            Playing.prototype.peerBytes = 0;

            /**
             * Playing givenBytes.
             * @member {number} givenBytes
             * @memberof freshet.v1.Playing
             * @instance
             */
            Playing.prototype.givenBytes = 0;

            /**
             * Encodes the specified Playing message. Does not implicitly {@link freshet.v1.Playing.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Playing
             * @static
             * @param {freshet.v1.Playing.$Properties} message Playing message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Playing.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rendition != null && $Object.hasOwnProperty.call(message, "rendition") && message.rendition !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.rendition);
                if (message.latencyMs != null && $Object.hasOwnProperty.call(message, "latencyMs") && message.latencyMs !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.latencyMs);
                if (message.stalls != null && $Object.hasOwnProperty.call(message, "stalls") && message.stalls !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.stalls);
                if (message.stallMs != null && $Object.hasOwnProperty.call(message, "stallMs") && message.stallMs !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.stallMs);
                if (message.spanMs != null && $Object.hasOwnProperty.call(message, "spanMs") && message.spanMs !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.spanMs);
                if (message.relayBytes != null && $Object.hasOwnProperty.call(message, "relayBytes") && message.relayBytes !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.relayBytes);
                if (message.peerBytes != null && $Object.hasOwnProperty.call(message, "peerBytes") && message.peerBytes !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.peerBytes);
                if (message.givenBytes != null && $Object.hasOwnProperty.call(message, "givenBytes") && message.givenBytes !== 0)
                    writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.givenBytes);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Playing message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Playing
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Playing & freshet.v1.Playing.$Shape} Playing
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Playing.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.freshet.v1.Playing();
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
                                message.rendition = value;
                            else
                                delete message.rendition;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.latencyMs = value;
                            else
                                delete message.latencyMs;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stalls = value;
                            else
                                delete message.stalls;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stallMs = value;
                            else
                                delete message.stallMs;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.spanMs = value;
                            else
                                delete message.spanMs;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.relayBytes = value;
                            else
                                delete message.relayBytes;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.peerBytes = value;
                            else
                                delete message.peerBytes;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.givenBytes = value;
                            else
                                delete message.givenBytes;
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

            return Playing;
        })();

        v1.Control = (function() {

            /**
             * Properties of a Control.
             * @typedef {Object} freshet.v1.Control.$Properties
             * @property {freshet.v1.Hello.$Properties|null} [hello] Control hello
             * @property {freshet.v1.Subscribe.$Properties|null} [subscribe] Control subscribe
             * @property {freshet.v1.Unsubscribe.$Properties|null} [unsubscribe] Control unsubscribe
             * @property {freshet.v1.SignedCatalog.$Properties|null} [catalog] Control catalog
             * @property {freshet.v1.Absent.$Properties|null} [absent] Control absent
             * @property {freshet.v1.Ping.$Properties|null} [ping] Control ping
             * @property {freshet.v1.Pong.$Properties|null} [pong] Control pong
             * @property {freshet.v1.Audience.$Properties|null} [audience] Control audience
             * @property {freshet.v1.Share.$Properties|null} [share] Control share
             * @property {freshet.v1.Probe.$Properties|null} [probe] Control probe
             * @property {freshet.v1.Plan.$Properties|null} [plan] Control plan
             * @property {freshet.v1.Signal.$Properties|null} [signal] Control signal
             * @property {freshet.v1.Report.$Properties|null} [report] Control report
             * @property {freshet.v1.Edge.$Properties|null} [moved] Control moved
             * @property {freshet.v1.Request.$Properties|null} [request] Control request
             * @property {freshet.v1.Missing.$Properties|null} [missing] Control missing
             * @property {freshet.v1.Declined.$Properties|null} [declined] Control declined
             * @property {freshet.v1.Path.$Properties|null} [path] Control path
             * @property {freshet.v1.Redirect.$Properties|null} [redirect] Control redirect
             * @property {Uint8Array|null} [poster] Control poster
             * @property {freshet.v1.Playing.$Properties|null} [playing] Control playing
             * @property {Uint8Array|null} [summary] Control summary
             * @property {"hello"|"subscribe"|"unsubscribe"|"catalog"|"absent"|"ping"|"pong"|"audience"|"share"|"probe"|"plan"|"signal"|"report"|"moved"|"request"|"missing"|"declined"|"path"|"redirect"|"poster"|"playing"|"summary"} [body] Control body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Control.
             * @memberof freshet.v1
             * @interface IControl
             * @augments freshet.v1.Control.$Properties
             * @deprecated Use freshet.v1.Control.$Properties instead.
             */

            /**
             * Narrowed shape of a Control.
             * @typedef {{
             *   hello?: freshet.v1.Hello.$Shape|null;
             *   subscribe?: freshet.v1.Subscribe.$Shape|null;
             *   unsubscribe?: freshet.v1.Unsubscribe.$Shape|null;
             *   catalog?: freshet.v1.SignedCatalog.$Shape|null;
             *   absent?: freshet.v1.Absent.$Shape|null;
             *   ping?: freshet.v1.Ping.$Shape|null;
             *   pong?: freshet.v1.Pong.$Shape|null;
             *   audience?: freshet.v1.Audience.$Shape|null;
             *   share?: freshet.v1.Share.$Shape|null;
             *   probe?: freshet.v1.Probe.$Shape|null;
             *   plan?: freshet.v1.Plan.$Shape|null;
             *   signal?: freshet.v1.Signal.$Shape|null;
             *   report?: freshet.v1.Report.$Shape|null;
             *   moved?: freshet.v1.Edge.$Shape|null;
             *   request?: freshet.v1.Request.$Shape|null;
             *   missing?: freshet.v1.Missing.$Shape|null;
             *   declined?: freshet.v1.Declined.$Shape|null;
             *   path?: freshet.v1.Path.$Shape|null;
             *   redirect?: freshet.v1.Redirect.$Shape|null;
             *   poster?: Uint8Array|null;
             *   playing?: freshet.v1.Playing.$Shape|null;
             *   summary?: Uint8Array|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ body?: undefined; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "hello"; hello: freshet.v1.Hello.$Shape; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "subscribe"; hello?: null; subscribe: freshet.v1.Subscribe.$Shape; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "unsubscribe"; hello?: null; subscribe?: null; unsubscribe: freshet.v1.Unsubscribe.$Shape; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "catalog"; hello?: null; subscribe?: null; unsubscribe?: null; catalog: freshet.v1.SignedCatalog.$Shape; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "absent"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent: freshet.v1.Absent.$Shape; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "ping"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping: freshet.v1.Ping.$Shape; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "pong"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong: freshet.v1.Pong.$Shape; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "audience"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience: freshet.v1.Audience.$Shape; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "share"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share: freshet.v1.Share.$Shape; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "probe"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe: freshet.v1.Probe.$Shape; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "plan"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan: freshet.v1.Plan.$Shape; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "signal"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal: freshet.v1.Signal.$Shape; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "report"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report: freshet.v1.Report.$Shape; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "moved"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved: freshet.v1.Edge.$Shape; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "request"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request: freshet.v1.Request.$Shape; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "missing"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing: freshet.v1.Missing.$Shape; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "declined"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined: freshet.v1.Declined.$Shape; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "path"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path: freshet.v1.Path.$Shape; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "redirect"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect: freshet.v1.Redirect.$Shape; poster?: null; playing?: null; summary?: null }|{ body?: "poster"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster: Uint8Array; playing?: null; summary?: null }|{ body?: "playing"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing: freshet.v1.Playing.$Shape; summary?: null }|{ body?: "summary"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary: Uint8Array })
             * )} freshet.v1.Control.$Shape
             */

            /**
             * Constructs a new Control.
             * @memberof freshet.v1
             * @classdesc Represents a Control.
             * @constructor
             * @param {freshet.v1.Control.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Control = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Control hello.
             * @member {freshet.v1.Hello.$Properties|null|undefined} hello
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.hello = null;

            /**
             * Control subscribe.
             * @member {freshet.v1.Subscribe.$Properties|null|undefined} subscribe
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.subscribe = null;

            /**
             * Control unsubscribe.
             * @member {freshet.v1.Unsubscribe.$Properties|null|undefined} unsubscribe
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.unsubscribe = null;

            /**
             * Control catalog.
             * @member {freshet.v1.SignedCatalog.$Properties|null|undefined} catalog
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.catalog = null;

            /**
             * Control absent.
             * @member {freshet.v1.Absent.$Properties|null|undefined} absent
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.absent = null;

            /**
             * Control ping.
             * @member {freshet.v1.Ping.$Properties|null|undefined} ping
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.ping = null;

            /**
             * Control pong.
             * @member {freshet.v1.Pong.$Properties|null|undefined} pong
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.pong = null;

            /**
             * Control audience.
             * @member {freshet.v1.Audience.$Properties|null|undefined} audience
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.audience = null;

            /**
             * Control share.
             * @member {freshet.v1.Share.$Properties|null|undefined} share
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.share = null;

            /**
             * Control probe.
             * @member {freshet.v1.Probe.$Properties|null|undefined} probe
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.probe = null;

            /**
             * Control plan.
             * @member {freshet.v1.Plan.$Properties|null|undefined} plan
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.plan = null;

            /**
             * Control signal.
             * @member {freshet.v1.Signal.$Properties|null|undefined} signal
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.signal = null;

            /**
             * Control report.
             * @member {freshet.v1.Report.$Properties|null|undefined} report
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.report = null;

            /**
             * Control moved.
             * @member {freshet.v1.Edge.$Properties|null|undefined} moved
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.moved = null;

            /**
             * Control request.
             * @member {freshet.v1.Request.$Properties|null|undefined} request
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.request = null;

            /**
             * Control missing.
             * @member {freshet.v1.Missing.$Properties|null|undefined} missing
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.missing = null;

            /**
             * Control declined.
             * @member {freshet.v1.Declined.$Properties|null|undefined} declined
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.declined = null;

            /**
             * Control path.
             * @member {freshet.v1.Path.$Properties|null|undefined} path
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.path = null;

            /**
             * Control redirect.
             * @member {freshet.v1.Redirect.$Properties|null|undefined} redirect
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.redirect = null;

            /**
             * Control poster.
             * @member {Uint8Array|null|undefined} poster
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.poster = null;

            /**
             * Control playing.
             * @member {freshet.v1.Playing.$Properties|null|undefined} playing
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.playing = null;

            /**
             * Control summary.
             * @member {Uint8Array|null|undefined} summary
             * @memberof freshet.v1.Control
             * @instance
             */
            Control.prototype.summary = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Control body.
             * @member {"hello"|"subscribe"|"unsubscribe"|"catalog"|"absent"|"ping"|"pong"|"audience"|"share"|"probe"|"plan"|"signal"|"report"|"moved"|"request"|"missing"|"declined"|"path"|"redirect"|"poster"|"playing"|"summary"|undefined} body
             * @memberof freshet.v1.Control
             * @instance
             */
            $Object.defineProperty(Control.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["hello", "subscribe", "unsubscribe", "catalog", "absent", "ping", "pong", "audience", "share", "probe", "plan", "signal", "report", "moved", "request", "missing", "declined", "path", "redirect", "poster", "playing", "summary"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Control message. Does not implicitly {@link freshet.v1.Control.verify|verify} messages.
             * @function encode
             * @memberof freshet.v1.Control
             * @static
             * @param {freshet.v1.Control.$Properties} message Control message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Control.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hello != null && $Object.hasOwnProperty.call(message, "hello"))
                    $root.freshet.v1.Hello.encode(message.hello, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.subscribe != null && $Object.hasOwnProperty.call(message, "subscribe"))
                    $root.freshet.v1.Subscribe.encode(message.subscribe, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.unsubscribe != null && $Object.hasOwnProperty.call(message, "unsubscribe"))
                    $root.freshet.v1.Unsubscribe.encode(message.unsubscribe, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.catalog != null && $Object.hasOwnProperty.call(message, "catalog"))
                    $root.freshet.v1.SignedCatalog.encode(message.catalog, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.absent != null && $Object.hasOwnProperty.call(message, "absent"))
                    $root.freshet.v1.Absent.encode(message.absent, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.ping != null && $Object.hasOwnProperty.call(message, "ping"))
                    $root.freshet.v1.Ping.encode(message.ping, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.pong != null && $Object.hasOwnProperty.call(message, "pong"))
                    $root.freshet.v1.Pong.encode(message.pong, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.audience != null && $Object.hasOwnProperty.call(message, "audience"))
                    $root.freshet.v1.Audience.encode(message.audience, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.share != null && $Object.hasOwnProperty.call(message, "share"))
                    $root.freshet.v1.Share.encode(message.share, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.probe != null && $Object.hasOwnProperty.call(message, "probe"))
                    $root.freshet.v1.Probe.encode(message.probe, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.plan != null && $Object.hasOwnProperty.call(message, "plan"))
                    $root.freshet.v1.Plan.encode(message.plan, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.signal != null && $Object.hasOwnProperty.call(message, "signal"))
                    $root.freshet.v1.Signal.encode(message.signal, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
                if (message.report != null && $Object.hasOwnProperty.call(message, "report"))
                    $root.freshet.v1.Report.encode(message.report, writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
                if (message.moved != null && $Object.hasOwnProperty.call(message, "moved"))
                    $root.freshet.v1.Edge.encode(message.moved, writer.uint32(/* id 14, wireType 2 =*/114).fork(), _depth + 1).ldelim();
                if (message.request != null && $Object.hasOwnProperty.call(message, "request"))
                    $root.freshet.v1.Request.encode(message.request, writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
                if (message.missing != null && $Object.hasOwnProperty.call(message, "missing"))
                    $root.freshet.v1.Missing.encode(message.missing, writer.uint32(/* id 16, wireType 2 =*/130).fork(), _depth + 1).ldelim();
                if (message.declined != null && $Object.hasOwnProperty.call(message, "declined"))
                    $root.freshet.v1.Declined.encode(message.declined, writer.uint32(/* id 17, wireType 2 =*/138).fork(), _depth + 1).ldelim();
                if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                    $root.freshet.v1.Path.encode(message.path, writer.uint32(/* id 18, wireType 2 =*/146).fork(), _depth + 1).ldelim();
                if (message.redirect != null && $Object.hasOwnProperty.call(message, "redirect"))
                    $root.freshet.v1.Redirect.encode(message.redirect, writer.uint32(/* id 19, wireType 2 =*/154).fork(), _depth + 1).ldelim();
                if (message.poster != null && $Object.hasOwnProperty.call(message, "poster"))
                    writer.uint32(/* id 20, wireType 2 =*/162).bytes(message.poster);
                if (message.playing != null && $Object.hasOwnProperty.call(message, "playing"))
                    $root.freshet.v1.Playing.encode(message.playing, writer.uint32(/* id 21, wireType 2 =*/170).fork(), _depth + 1).ldelim();
                if (message.summary != null && $Object.hasOwnProperty.call(message, "summary"))
                    writer.uint32(/* id 22, wireType 2 =*/178).bytes(message.summary);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Control message from the specified reader or buffer.
             * @function decode
             * @memberof freshet.v1.Control
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {freshet.v1.Control & freshet.v1.Control.$Shape} Control
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Control.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.freshet.v1.Control();
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
                            if (wireType !== 2)
                                break;
                            message.hello = $root.freshet.v1.Hello.decode(reader, reader.size(), $undefined, _depth + 1, message.hello);
                            message.body = "hello";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.subscribe = $root.freshet.v1.Subscribe.decode(reader, reader.size(), $undefined, _depth + 1, message.subscribe);
                            message.body = "subscribe";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.unsubscribe = $root.freshet.v1.Unsubscribe.decode(reader, reader.size(), $undefined, _depth + 1, message.unsubscribe);
                            message.body = "unsubscribe";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.catalog = $root.freshet.v1.SignedCatalog.decode(reader, reader.size(), $undefined, _depth + 1, message.catalog);
                            message.body = "catalog";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.absent = $root.freshet.v1.Absent.decode(reader, reader.size(), $undefined, _depth + 1, message.absent);
                            message.body = "absent";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.ping = $root.freshet.v1.Ping.decode(reader, reader.size(), $undefined, _depth + 1, message.ping);
                            message.body = "ping";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.pong = $root.freshet.v1.Pong.decode(reader, reader.size(), $undefined, _depth + 1, message.pong);
                            message.body = "pong";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.audience = $root.freshet.v1.Audience.decode(reader, reader.size(), $undefined, _depth + 1, message.audience);
                            message.body = "audience";
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.share = $root.freshet.v1.Share.decode(reader, reader.size(), $undefined, _depth + 1, message.share);
                            message.body = "share";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.probe = $root.freshet.v1.Probe.decode(reader, reader.size(), $undefined, _depth + 1, message.probe);
                            message.body = "probe";
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            message.plan = $root.freshet.v1.Plan.decode(reader, reader.size(), $undefined, _depth + 1, message.plan);
                            message.body = "plan";
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            message.signal = $root.freshet.v1.Signal.decode(reader, reader.size(), $undefined, _depth + 1, message.signal);
                            message.body = "signal";
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.report = $root.freshet.v1.Report.decode(reader, reader.size(), $undefined, _depth + 1, message.report);
                            message.body = "report";
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.moved = $root.freshet.v1.Edge.decode(reader, reader.size(), $undefined, _depth + 1, message.moved);
                            message.body = "moved";
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.request = $root.freshet.v1.Request.decode(reader, reader.size(), $undefined, _depth + 1, message.request);
                            message.body = "request";
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            message.missing = $root.freshet.v1.Missing.decode(reader, reader.size(), $undefined, _depth + 1, message.missing);
                            message.body = "missing";
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            message.declined = $root.freshet.v1.Declined.decode(reader, reader.size(), $undefined, _depth + 1, message.declined);
                            message.body = "declined";
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            message.path = $root.freshet.v1.Path.decode(reader, reader.size(), $undefined, _depth + 1, message.path);
                            message.body = "path";
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            message.redirect = $root.freshet.v1.Redirect.decode(reader, reader.size(), $undefined, _depth + 1, message.redirect);
                            message.body = "redirect";
                            continue;
                        }
                    case 20: {
                            if (wireType !== 2)
                                break;
                            message.poster = reader.bytes();
                            message.body = "poster";
                            continue;
                        }
                    case 21: {
                            if (wireType !== 2)
                                break;
                            message.playing = $root.freshet.v1.Playing.decode(reader, reader.size(), $undefined, _depth + 1, message.playing);
                            message.body = "playing";
                            continue;
                        }
                    case 22: {
                            if (wireType !== 2)
                                break;
                            message.summary = reader.bytes();
                            message.body = "summary";
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

            return Control;
        })();

        return v1;
    })();

    return freshet;
})();

export {
  $root as default
};
