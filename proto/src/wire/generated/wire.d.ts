// Generated from proto/schema by scripts/gen-proto.mjs. Do not edit.
import type * as $protobuf from "protobufjs/minimal.js";

/** Namespace freshet. */
export namespace freshet {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a Certificate.
         * @deprecated Use freshet.v1.Certificate.$Properties instead.
         */
        interface ICertificate extends freshet.v1.Certificate.$Properties {
        }

        /** Represents a Certificate. */
        class Certificate {

            /**
             * Constructs a new Certificate.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Certificate.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Certificate channelKey. */
            channelKey: Uint8Array;

            /** Certificate sessionKey. */
            sessionKey: Uint8Array;

            /** Certificate epochFirst. */
            epochFirst: number;

            /** Certificate epochLast. */
            epochLast: number;

            /**
             * Encodes the specified Certificate message. Does not implicitly {@link freshet.v1.Certificate.verify|verify} messages.
             * @param message Certificate message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Certificate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Certificate message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Certificate & freshet.v1.Certificate.$Shape} Certificate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Certificate & freshet.v1.Certificate.$Shape;
        }

        namespace Certificate {

            /** Properties of a Certificate. */
            interface $Properties {

                /** Certificate channelKey */
                channelKey?: (Uint8Array|null);

                /** Certificate sessionKey */
                sessionKey?: (Uint8Array|null);

                /** Certificate epochFirst */
                epochFirst?: (number|null);

                /** Certificate epochLast */
                epochLast?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Certificate. */
            type $Shape = freshet.v1.Certificate.$Properties;
        }

        /**
         * Properties of a SignedCertificate.
         * @deprecated Use freshet.v1.SignedCertificate.$Properties instead.
         */
        interface ISignedCertificate extends freshet.v1.SignedCertificate.$Properties {
        }

        /** Represents a SignedCertificate. */
        class SignedCertificate {

            /**
             * Constructs a new SignedCertificate.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.SignedCertificate.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SignedCertificate certificate. */
            certificate: Uint8Array;

            /** SignedCertificate signature. */
            signature: Uint8Array;

            /**
             * Encodes the specified SignedCertificate message. Does not implicitly {@link freshet.v1.SignedCertificate.verify|verify} messages.
             * @param message SignedCertificate message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.SignedCertificate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SignedCertificate message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.SignedCertificate & freshet.v1.SignedCertificate.$Shape} SignedCertificate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.SignedCertificate & freshet.v1.SignedCertificate.$Shape;
        }

        namespace SignedCertificate {

            /** Properties of a SignedCertificate. */
            interface $Properties {

                /** SignedCertificate certificate */
                certificate?: (Uint8Array|null);

                /** SignedCertificate signature */
                signature?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SignedCertificate. */
            type $Shape = freshet.v1.SignedCertificate.$Properties;
        }

        /** BroadcastState enum. */
        enum BroadcastState {

            /** BROADCAST_STATE_UNSPECIFIED value */
            BROADCAST_STATE_UNSPECIFIED = 0,

            /** WAITING value */
            WAITING = 1,

            /** LIVE value */
            LIVE = 2,

            /** ENDED value */
            ENDED = 3
        }

        /**
         * Properties of a Rendition.
         * @deprecated Use freshet.v1.Rendition.$Properties instead.
         */
        interface IRendition extends freshet.v1.Rendition.$Properties {
        }

        /** Represents a Rendition. */
        class Rendition {

            /**
             * Constructs a new Rendition.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Rendition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Rendition id. */
            id: number;

            /** Rendition name. */
            name: string;

            /** Rendition mimeType. */
            mimeType: string;

            /** Rendition width. */
            width: number;

            /** Rendition height. */
            height: number;

            /** Rendition frameRateMilli. */
            frameRateMilli: number;

            /** Rendition bitrate. */
            bitrate: number;

            /** Rendition initSegment. */
            initSegment: Uint8Array;

            /**
             * Encodes the specified Rendition message. Does not implicitly {@link freshet.v1.Rendition.verify|verify} messages.
             * @param message Rendition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Rendition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Rendition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Rendition & freshet.v1.Rendition.$Shape} Rendition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Rendition & freshet.v1.Rendition.$Shape;
        }

        namespace Rendition {

            /** Properties of a Rendition. */
            interface $Properties {

                /** Rendition id */
                id?: (number|null);

                /** Rendition name */
                name?: (string|null);

                /** Rendition mimeType */
                mimeType?: (string|null);

                /** Rendition width */
                width?: (number|null);

                /** Rendition height */
                height?: (number|null);

                /** Rendition frameRateMilli */
                frameRateMilli?: (number|null);

                /** Rendition bitrate */
                bitrate?: (number|null);

                /** Rendition initSegment */
                initSegment?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Rendition. */
            type $Shape = freshet.v1.Rendition.$Properties;
        }

        /**
         * Properties of a Catalog.
         * @deprecated Use freshet.v1.Catalog.$Properties instead.
         */
        interface ICatalog extends freshet.v1.Catalog.$Properties {
        }

        /** Represents a Catalog. */
        class Catalog {

            /**
             * Constructs a new Catalog.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Catalog.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Catalog epoch. */
            epoch: number;

            /** Catalog revision. */
            revision: number;

            /** Catalog state. */
            state: freshet.v1.BroadcastState;

            /** Catalog title. */
            title: string;

            /** Catalog startedMs. */
            startedMs: number;

            /** Catalog stripeCount. */
            stripeCount: number;

            /** Catalog renditions. */
            renditions: freshet.v1.Rendition.$Properties[];

            /** Catalog relays. */
            relays: string[];

            /** Catalog tickets. */
            tickets: Uint8Array[];

            /** Catalog description. */
            description: string;

            /** Catalog reason. */
            reason: string;

            /** Catalog startsMs. */
            startsMs: number;

            /** Catalog posterSha256. */
            posterSha256: Uint8Array;

            /**
             * Encodes the specified Catalog message. Does not implicitly {@link freshet.v1.Catalog.verify|verify} messages.
             * @param message Catalog message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Catalog.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Catalog message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Catalog & freshet.v1.Catalog.$Shape} Catalog
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Catalog & freshet.v1.Catalog.$Shape;
        }

        namespace Catalog {

            /** Properties of a Catalog. */
            interface $Properties {

                /** Catalog epoch */
                epoch?: (number|null);

                /** Catalog revision */
                revision?: (number|null);

                /** Catalog state */
                state?: (freshet.v1.BroadcastState|null);

                /** Catalog title */
                title?: (string|null);

                /** Catalog startedMs */
                startedMs?: (number|null);

                /** Catalog stripeCount */
                stripeCount?: (number|null);

                /** Catalog renditions */
                renditions?: (freshet.v1.Rendition.$Properties[]|null);

                /** Catalog relays */
                relays?: (string[]|null);

                /** Catalog tickets */
                tickets?: (Uint8Array[]|null);

                /** Catalog description */
                description?: (string|null);

                /** Catalog reason */
                reason?: (string|null);

                /** Catalog startsMs */
                startsMs?: (number|null);

                /** Catalog posterSha256 */
                posterSha256?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Catalog. */
            type $Shape = freshet.v1.Catalog.$Properties;
        }

        /**
         * Properties of a SignedCatalog.
         * @deprecated Use freshet.v1.SignedCatalog.$Properties instead.
         */
        interface ISignedCatalog extends freshet.v1.SignedCatalog.$Properties {
        }

        /** Represents a SignedCatalog. */
        class SignedCatalog {

            /**
             * Constructs a new SignedCatalog.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.SignedCatalog.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SignedCatalog catalog. */
            catalog: Uint8Array;

            /** SignedCatalog signature. */
            signature: Uint8Array;

            /** SignedCatalog certificate. */
            certificate?: (freshet.v1.SignedCertificate.$Properties|null);

            /**
             * Encodes the specified SignedCatalog message. Does not implicitly {@link freshet.v1.SignedCatalog.verify|verify} messages.
             * @param message SignedCatalog message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.SignedCatalog.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SignedCatalog message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.SignedCatalog & freshet.v1.SignedCatalog.$Shape} SignedCatalog
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.SignedCatalog & freshet.v1.SignedCatalog.$Shape;
        }

        namespace SignedCatalog {

            /** Properties of a SignedCatalog. */
            interface $Properties {

                /** SignedCatalog catalog */
                catalog?: (Uint8Array|null);

                /** SignedCatalog signature */
                signature?: (Uint8Array|null);

                /** SignedCatalog certificate */
                certificate?: (freshet.v1.SignedCertificate.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SignedCatalog. */
            type $Shape = freshet.v1.SignedCatalog.$Properties;
        }

        /**
         * Properties of a PieceHeader.
         * @deprecated Use freshet.v1.PieceHeader.$Properties instead.
         */
        interface IPieceHeader extends freshet.v1.PieceHeader.$Properties {
        }

        /** Represents a PieceHeader. */
        class PieceHeader {

            /**
             * Constructs a new PieceHeader.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.PieceHeader.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PieceHeader epoch. */
            epoch: number;

            /** PieceHeader rendition. */
            rendition: number;

            /** PieceHeader sequence. */
            sequence: number;

            /** PieceHeader chunk. */
            chunk: number;

            /** PieceHeader index. */
            index: number;

            /** PieceHeader count. */
            count: number;

            /** PieceHeader groupOffset. */
            groupOffset: number;

            /** PieceHeader mediaUs. */
            mediaUs: number;

            /** PieceHeader durationUs. */
            durationUs: number;

            /** PieceHeader captureMs. */
            captureMs: number;

            /** PieceHeader payloadSha256. */
            payloadSha256: Uint8Array;

            /**
             * Encodes the specified PieceHeader message. Does not implicitly {@link freshet.v1.PieceHeader.verify|verify} messages.
             * @param message PieceHeader message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.PieceHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PieceHeader message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.PieceHeader & freshet.v1.PieceHeader.$Shape} PieceHeader
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.PieceHeader & freshet.v1.PieceHeader.$Shape;
        }

        namespace PieceHeader {

            /** Properties of a PieceHeader. */
            interface $Properties {

                /** PieceHeader epoch */
                epoch?: (number|null);

                /** PieceHeader rendition */
                rendition?: (number|null);

                /** PieceHeader sequence */
                sequence?: (number|null);

                /** PieceHeader chunk */
                chunk?: (number|null);

                /** PieceHeader index */
                index?: (number|null);

                /** PieceHeader count */
                count?: (number|null);

                /** PieceHeader groupOffset */
                groupOffset?: (number|null);

                /** PieceHeader mediaUs */
                mediaUs?: (number|null);

                /** PieceHeader durationUs */
                durationUs?: (number|null);

                /** PieceHeader captureMs */
                captureMs?: (number|null);

                /** PieceHeader payloadSha256 */
                payloadSha256?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PieceHeader. */
            type $Shape = freshet.v1.PieceHeader.$Properties;
        }

        /** Role enum. */
        enum Role {

            /** ROLE_UNSPECIFIED value */
            ROLE_UNSPECIFIED = 0,

            /** RELAY value */
            RELAY = 1,

            /** VIEWER value */
            VIEWER = 2
        }

        /**
         * Properties of a Hello.
         * @deprecated Use freshet.v1.Hello.$Properties instead.
         */
        interface IHello extends freshet.v1.Hello.$Properties {
        }

        /** Represents a Hello. */
        class Hello {

            /**
             * Constructs a new Hello.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Hello.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Hello versionMin. */
            versionMin: number;

            /** Hello versionMax. */
            versionMax: number;

            /** Hello capabilities. */
            capabilities: number[];

            /** Hello channelKey. */
            channelKey: Uint8Array;

            /** Hello role. */
            role: freshet.v1.Role;

            /** Hello agent. */
            agent: string;

            /** Hello origin. */
            origin: string;

            /** Hello originToken. */
            originToken: string;

            /**
             * Encodes the specified Hello message. Does not implicitly {@link freshet.v1.Hello.verify|verify} messages.
             * @param message Hello message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Hello & freshet.v1.Hello.$Shape} Hello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Hello & freshet.v1.Hello.$Shape;
        }

        namespace Hello {

            /** Properties of a Hello. */
            interface $Properties {

                /** Hello versionMin */
                versionMin?: (number|null);

                /** Hello versionMax */
                versionMax?: (number|null);

                /** Hello capabilities */
                capabilities?: (number[]|null);

                /** Hello channelKey */
                channelKey?: (Uint8Array|null);

                /** Hello role */
                role?: (freshet.v1.Role|null);

                /** Hello agent */
                agent?: (string|null);

                /** Hello origin */
                origin?: (string|null);

                /** Hello originToken */
                originToken?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Hello. */
            type $Shape = freshet.v1.Hello.$Properties;
        }

        /**
         * Properties of a Subscribe.
         * @deprecated Use freshet.v1.Subscribe.$Properties instead.
         */
        interface ISubscribe extends freshet.v1.Subscribe.$Properties {
        }

        /** Represents a Subscribe. */
        class Subscribe {

            /**
             * Constructs a new Subscribe.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Subscribe.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Subscribe rendition. */
            rendition: number;

            /** Subscribe stripeMask. */
            stripeMask: number;

            /** Subscribe from. */
            from?: (number|null);

            /** Subscribe behindMs. */
            behindMs: number;

            /**
             * Encodes the specified Subscribe message. Does not implicitly {@link freshet.v1.Subscribe.verify|verify} messages.
             * @param message Subscribe message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Subscribe.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Subscribe message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Subscribe & freshet.v1.Subscribe.$Shape} Subscribe
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Subscribe & freshet.v1.Subscribe.$Shape;
        }

        namespace Subscribe {

            /** Properties of a Subscribe. */
            interface $Properties {

                /** Subscribe rendition */
                rendition?: (number|null);

                /** Subscribe stripeMask */
                stripeMask?: (number|null);

                /** Subscribe from */
                from?: (number|null);

                /** Subscribe behindMs */
                behindMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Subscribe. */
            type $Shape = freshet.v1.Subscribe.$Properties;
        }

        /**
         * Properties of an Unsubscribe.
         * @deprecated Use freshet.v1.Unsubscribe.$Properties instead.
         */
        interface IUnsubscribe extends freshet.v1.Unsubscribe.$Properties {
        }

        /** Represents an Unsubscribe. */
        class Unsubscribe {

            /**
             * Constructs a new Unsubscribe.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Unsubscribe.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Unsubscribe rendition. */
            rendition: number;

            /**
             * Encodes the specified Unsubscribe message. Does not implicitly {@link freshet.v1.Unsubscribe.verify|verify} messages.
             * @param message Unsubscribe message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Unsubscribe.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Unsubscribe message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Unsubscribe & freshet.v1.Unsubscribe.$Shape} Unsubscribe
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Unsubscribe & freshet.v1.Unsubscribe.$Shape;
        }

        namespace Unsubscribe {

            /** Properties of an Unsubscribe. */
            interface $Properties {

                /** Unsubscribe rendition */
                rendition?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Unsubscribe. */
            type $Shape = freshet.v1.Unsubscribe.$Properties;
        }

        /**
         * Properties of an Absent.
         * @deprecated Use freshet.v1.Absent.$Properties instead.
         */
        interface IAbsent extends freshet.v1.Absent.$Properties {
        }

        /** Represents an Absent. */
        class Absent {

            /**
             * Constructs a new Absent.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Absent.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified Absent message. Does not implicitly {@link freshet.v1.Absent.verify|verify} messages.
             * @param message Absent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Absent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Absent message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Absent & freshet.v1.Absent.$Shape} Absent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Absent & freshet.v1.Absent.$Shape;
        }

        namespace Absent {

            /** Properties of an Absent. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Absent. */
            type $Shape = freshet.v1.Absent.$Properties;
        }

        /**
         * Properties of a Ping.
         * @deprecated Use freshet.v1.Ping.$Properties instead.
         */
        interface IPing extends freshet.v1.Ping.$Properties {
        }

        /** Represents a Ping. */
        class Ping {

            /**
             * Constructs a new Ping.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Ping.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Ping sentMs. */
            sentMs: number;

            /**
             * Encodes the specified Ping message. Does not implicitly {@link freshet.v1.Ping.verify|verify} messages.
             * @param message Ping message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Ping.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Ping message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Ping & freshet.v1.Ping.$Shape} Ping
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Ping & freshet.v1.Ping.$Shape;
        }

        namespace Ping {

            /** Properties of a Ping. */
            interface $Properties {

                /** Ping sentMs */
                sentMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Ping. */
            type $Shape = freshet.v1.Ping.$Properties;
        }

        /**
         * Properties of a Pong.
         * @deprecated Use freshet.v1.Pong.$Properties instead.
         */
        interface IPong extends freshet.v1.Pong.$Properties {
        }

        /** Represents a Pong. */
        class Pong {

            /**
             * Constructs a new Pong.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Pong.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Pong sentMs. */
            sentMs: number;

            /** Pong broadcastMs. */
            broadcastMs?: (number|null);

            /**
             * Encodes the specified Pong message. Does not implicitly {@link freshet.v1.Pong.verify|verify} messages.
             * @param message Pong message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Pong.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Pong message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Pong & freshet.v1.Pong.$Shape} Pong
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Pong & freshet.v1.Pong.$Shape;
        }

        namespace Pong {

            /** Properties of a Pong. */
            interface $Properties {

                /** Pong sentMs */
                sentMs?: (number|null);

                /** Pong broadcastMs */
                broadcastMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Pong. */
            type $Shape = freshet.v1.Pong.$Properties;
        }

        /**
         * Properties of an Audience.
         * @deprecated Use freshet.v1.Audience.$Properties instead.
         */
        interface IAudience extends freshet.v1.Audience.$Properties {
        }

        /** Represents an Audience. */
        class Audience {

            /**
             * Constructs a new Audience.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Audience.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Audience viewerCount. */
            viewerCount: number;

            /**
             * Encodes the specified Audience message. Does not implicitly {@link freshet.v1.Audience.verify|verify} messages.
             * @param message Audience message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Audience.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Audience message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Audience & freshet.v1.Audience.$Shape} Audience
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Audience & freshet.v1.Audience.$Shape;
        }

        namespace Audience {

            /** Properties of an Audience. */
            interface $Properties {

                /** Audience viewerCount */
                viewerCount?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Audience. */
            type $Shape = freshet.v1.Audience.$Properties;
        }

        /**
         * Properties of a Path.
         * @deprecated Use freshet.v1.Path.$Properties instead.
         */
        interface IPath extends freshet.v1.Path.$Properties {
        }

        /** Represents a Path. */
        class Path {

            /**
             * Constructs a new Path.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Path.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Path nodes. */
            nodes: number[];

            /** Path loadPermille. */
            loadPermille: number;

            /** Path siblings. */
            siblings: string[];

            /**
             * Encodes the specified Path message. Does not implicitly {@link freshet.v1.Path.verify|verify} messages.
             * @param message Path message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Path.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Path message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Path & freshet.v1.Path.$Shape} Path
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Path & freshet.v1.Path.$Shape;
        }

        namespace Path {

            /** Properties of a Path. */
            interface $Properties {

                /** Path nodes */
                nodes?: (number[]|null);

                /** Path loadPermille */
                loadPermille?: (number|null);

                /** Path siblings */
                siblings?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Path. */
            type $Shape = freshet.v1.Path.$Properties;
        }

        /**
         * Properties of a Redirect.
         * @deprecated Use freshet.v1.Redirect.$Properties instead.
         */
        interface IRedirect extends freshet.v1.Redirect.$Properties {
        }

        /** Represents a Redirect. */
        class Redirect {

            /**
             * Constructs a new Redirect.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Redirect.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Redirect relays. */
            relays: string[];

            /** Redirect isLeaving. */
            isLeaving: boolean;

            /**
             * Encodes the specified Redirect message. Does not implicitly {@link freshet.v1.Redirect.verify|verify} messages.
             * @param message Redirect message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Redirect.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Redirect message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Redirect & freshet.v1.Redirect.$Shape} Redirect
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Redirect & freshet.v1.Redirect.$Shape;
        }

        namespace Redirect {

            /** Properties of a Redirect. */
            interface $Properties {

                /** Redirect relays */
                relays?: (string[]|null);

                /** Redirect isLeaving */
                isLeaving?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Redirect. */
            type $Shape = freshet.v1.Redirect.$Properties;
        }

        /**
         * Properties of a Share.
         * @deprecated Use freshet.v1.Share.$Properties instead.
         */
        interface IShare extends freshet.v1.Share.$Properties {
        }

        /** Represents a Share. */
        class Share {

            /**
             * Constructs a new Share.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Share.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Share peer. */
            peer: number;

            /** Share secret. */
            secret: number;

            /** Share rendition. */
            rendition: number;

            /** Share uplinkBps. */
            uplinkBps: number;

            /** Share linksMax. */
            linksMax: number;

            /** Share kept. */
            kept: freshet.v1.Edge.$Properties[];

            /** Share rttMs. */
            rttMs: number;

            /**
             * Encodes the specified Share message. Does not implicitly {@link freshet.v1.Share.verify|verify} messages.
             * @param message Share message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Share.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Share message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Share & freshet.v1.Share.$Shape} Share
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Share & freshet.v1.Share.$Shape;
        }

        namespace Share {

            /** Properties of a Share. */
            interface $Properties {

                /** Share peer */
                peer?: (number|null);

                /** Share secret */
                secret?: (number|null);

                /** Share rendition */
                rendition?: (number|null);

                /** Share uplinkBps */
                uplinkBps?: (number|null);

                /** Share linksMax */
                linksMax?: (number|null);

                /** Share kept */
                kept?: (freshet.v1.Edge.$Properties[]|null);

                /** Share rttMs */
                rttMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Share. */
            type $Shape = freshet.v1.Share.$Properties;
        }

        /**
         * Properties of an Edge.
         * @deprecated Use freshet.v1.Edge.$Properties instead.
         */
        interface IEdge extends freshet.v1.Edge.$Properties {
        }

        /** Represents an Edge. */
        class Edge {

            /**
             * Constructs a new Edge.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Edge.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Edge stripe. */
            stripe: number;

            /** Edge parent. */
            parent: number;

            /**
             * Encodes the specified Edge message. Does not implicitly {@link freshet.v1.Edge.verify|verify} messages.
             * @param message Edge message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Edge.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Edge message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Edge & freshet.v1.Edge.$Shape} Edge
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Edge & freshet.v1.Edge.$Shape;
        }

        namespace Edge {

            /** Properties of an Edge. */
            interface $Properties {

                /** Edge stripe */
                stripe?: (number|null);

                /** Edge parent */
                parent?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Edge. */
            type $Shape = freshet.v1.Edge.$Properties;
        }

        /**
         * Properties of a Probe.
         * @deprecated Use freshet.v1.Probe.$Properties instead.
         */
        interface IProbe extends freshet.v1.Probe.$Properties {
        }

        /** Represents a Probe. */
        class Probe {

            /**
             * Constructs a new Probe.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Probe.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Probe bytes. */
            bytes: number;

            /** Probe padding. */
            padding: Uint8Array;

            /**
             * Encodes the specified Probe message. Does not implicitly {@link freshet.v1.Probe.verify|verify} messages.
             * @param message Probe message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Probe.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Probe message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Probe & freshet.v1.Probe.$Shape} Probe
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Probe & freshet.v1.Probe.$Shape;
        }

        namespace Probe {

            /** Properties of a Probe. */
            interface $Properties {

                /** Probe bytes */
                bytes?: (number|null);

                /** Probe padding */
                padding?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Probe. */
            type $Shape = freshet.v1.Probe.$Properties;
        }

        /**
         * Properties of a Plan.
         * @deprecated Use freshet.v1.Plan.$Properties instead.
         */
        interface IPlan extends freshet.v1.Plan.$Properties {
        }

        /** Represents a Plan. */
        class Plan {

            /**
             * Constructs a new Plan.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Plan.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Plan links. */
            links: freshet.v1.PlanLink.$Properties[];

            /** Plan stunPort. */
            stunPort: number;

            /** Plan uplinkBps. */
            uplinkBps: number;

            /**
             * Encodes the specified Plan message. Does not implicitly {@link freshet.v1.Plan.verify|verify} messages.
             * @param message Plan message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Plan.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Plan message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Plan & freshet.v1.Plan.$Shape} Plan
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Plan & freshet.v1.Plan.$Shape;
        }

        namespace Plan {

            /** Properties of a Plan. */
            interface $Properties {

                /** Plan links */
                links?: (freshet.v1.PlanLink.$Properties[]|null);

                /** Plan stunPort */
                stunPort?: (number|null);

                /** Plan uplinkBps */
                uplinkBps?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Plan. */
            type $Shape = freshet.v1.Plan.$Properties;
        }

        /**
         * Properties of a PlanLink.
         * @deprecated Use freshet.v1.PlanLink.$Properties instead.
         */
        interface IPlanLink extends freshet.v1.PlanLink.$Properties {
        }

        /** Represents a PlanLink. */
        class PlanLink {

            /**
             * Constructs a new PlanLink.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.PlanLink.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PlanLink peer. */
            peer: number;

            /** PlanLink parentMask. */
            parentMask: number;

            /** PlanLink childMask. */
            childMask: number;

            /** PlanLink standbyMask. */
            standbyMask: number;

            /** PlanLink weight. */
            weight: number;

            /** PlanLink isOfferer. */
            isOfferer: boolean;

            /**
             * Encodes the specified PlanLink message. Does not implicitly {@link freshet.v1.PlanLink.verify|verify} messages.
             * @param message PlanLink message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.PlanLink.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PlanLink message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.PlanLink & freshet.v1.PlanLink.$Shape} PlanLink
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.PlanLink & freshet.v1.PlanLink.$Shape;
        }

        namespace PlanLink {

            /** Properties of a PlanLink. */
            interface $Properties {

                /** PlanLink peer */
                peer?: (number|null);

                /** PlanLink parentMask */
                parentMask?: (number|null);

                /** PlanLink childMask */
                childMask?: (number|null);

                /** PlanLink standbyMask */
                standbyMask?: (number|null);

                /** PlanLink weight */
                weight?: (number|null);

                /** PlanLink isOfferer */
                isOfferer?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PlanLink. */
            type $Shape = freshet.v1.PlanLink.$Properties;
        }

        /**
         * Properties of a Signal.
         * @deprecated Use freshet.v1.Signal.$Properties instead.
         */
        interface ISignal extends freshet.v1.Signal.$Properties {
        }

        /** Represents a Signal. */
        class Signal {

            /**
             * Constructs a new Signal.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Signal.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Signal peer. */
            peer: number;

            /** Signal body. */
            body: Uint8Array;

            /**
             * Encodes the specified Signal message. Does not implicitly {@link freshet.v1.Signal.verify|verify} messages.
             * @param message Signal message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Signal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Signal message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Signal & freshet.v1.Signal.$Shape} Signal
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Signal & freshet.v1.Signal.$Shape;
        }

        namespace Signal {

            /** Properties of a Signal. */
            interface $Properties {

                /** Signal peer */
                peer?: (number|null);

                /** Signal body */
                body?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Signal. */
            type $Shape = freshet.v1.Signal.$Properties;
        }

        /** ReportKind enum. */
        enum ReportKind {

            /** REPORT_KIND_UNSPECIFIED value */
            REPORT_KIND_UNSPECIFIED = 0,

            /** UNREACHABLE value */
            UNREACHABLE = 1,

            /** SILENT value */
            SILENT = 2,

            /** LATE value */
            LATE = 3,

            /** FORGED value */
            FORGED = 4,

            /** OVERLOADED value */
            OVERLOADED = 5
        }

        /**
         * Properties of a Report.
         * @deprecated Use freshet.v1.Report.$Properties instead.
         */
        interface IReport extends freshet.v1.Report.$Properties {
        }

        /** Represents a Report. */
        class Report {

            /**
             * Constructs a new Report.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Report.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Report peer. */
            peer: number;

            /** Report kind. */
            kind: freshet.v1.ReportKind;

            /**
             * Encodes the specified Report message. Does not implicitly {@link freshet.v1.Report.verify|verify} messages.
             * @param message Report message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Report.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Report message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Report & freshet.v1.Report.$Shape} Report
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Report & freshet.v1.Report.$Shape;
        }

        namespace Report {

            /** Properties of a Report. */
            interface $Properties {

                /** Report peer */
                peer?: (number|null);

                /** Report kind */
                kind?: (freshet.v1.ReportKind|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Report. */
            type $Shape = freshet.v1.Report.$Properties;
        }

        /**
         * Properties of a Request.
         * @deprecated Use freshet.v1.Request.$Properties instead.
         */
        interface IRequest extends freshet.v1.Request.$Properties {
        }

        /** Represents a Request. */
        class Request {

            /**
             * Constructs a new Request.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Request.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Request rendition. */
            rendition: number;

            /** Request sequences. */
            sequences: number[];

            /**
             * Encodes the specified Request message. Does not implicitly {@link freshet.v1.Request.verify|verify} messages.
             * @param message Request message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Request.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Request message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Request & freshet.v1.Request.$Shape} Request
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Request & freshet.v1.Request.$Shape;
        }

        namespace Request {

            /** Properties of a Request. */
            interface $Properties {

                /** Request rendition */
                rendition?: (number|null);

                /** Request sequences */
                sequences?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Request. */
            type $Shape = freshet.v1.Request.$Properties;
        }

        /**
         * Properties of a Missing.
         * @deprecated Use freshet.v1.Missing.$Properties instead.
         */
        interface IMissing extends freshet.v1.Missing.$Properties {
        }

        /** Represents a Missing. */
        class Missing {

            /**
             * Constructs a new Missing.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Missing.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Missing rendition. */
            rendition: number;

            /** Missing sequences. */
            sequences: number[];

            /**
             * Encodes the specified Missing message. Does not implicitly {@link freshet.v1.Missing.verify|verify} messages.
             * @param message Missing message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Missing.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Missing message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Missing & freshet.v1.Missing.$Shape} Missing
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Missing & freshet.v1.Missing.$Shape;
        }

        namespace Missing {

            /** Properties of a Missing. */
            interface $Properties {

                /** Missing rendition */
                rendition?: (number|null);

                /** Missing sequences */
                sequences?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Missing. */
            type $Shape = freshet.v1.Missing.$Properties;
        }

        /**
         * Properties of a Declined.
         * @deprecated Use freshet.v1.Declined.$Properties instead.
         */
        interface IDeclined extends freshet.v1.Declined.$Properties {
        }

        /** Represents a Declined. */
        class Declined {

            /**
             * Constructs a new Declined.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Declined.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Declined rendition. */
            rendition: number;

            /** Declined stripeMask. */
            stripeMask: number;

            /**
             * Encodes the specified Declined message. Does not implicitly {@link freshet.v1.Declined.verify|verify} messages.
             * @param message Declined message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Declined.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Declined message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Declined & freshet.v1.Declined.$Shape} Declined
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Declined & freshet.v1.Declined.$Shape;
        }

        namespace Declined {

            /** Properties of a Declined. */
            interface $Properties {

                /** Declined rendition */
                rendition?: (number|null);

                /** Declined stripeMask */
                stripeMask?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Declined. */
            type $Shape = freshet.v1.Declined.$Properties;
        }

        /**
         * Properties of a Playing.
         * @deprecated Use freshet.v1.Playing.$Properties instead.
         */
        interface IPlaying extends freshet.v1.Playing.$Properties {
        }

        /** Represents a Playing. */
        class Playing {

            /**
             * Constructs a new Playing.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Playing.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Playing rendition. */
            rendition: number;

            /** Playing latencyMs. */
            latencyMs: number;

            /** Playing stalls. */
            stalls: number;

            /** Playing stallMs. */
            stallMs: number;

            /** Playing spanMs. */
            spanMs: number;

            /** Playing relayBytes. */
            relayBytes: number;

            /** Playing peerBytes. */
            peerBytes: number;

            /** Playing givenBytes. */
            givenBytes: number;

            /**
             * Encodes the specified Playing message. Does not implicitly {@link freshet.v1.Playing.verify|verify} messages.
             * @param message Playing message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Playing.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Playing message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Playing & freshet.v1.Playing.$Shape} Playing
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Playing & freshet.v1.Playing.$Shape;
        }

        namespace Playing {

            /** Properties of a Playing. */
            interface $Properties {

                /** Playing rendition */
                rendition?: (number|null);

                /** Playing latencyMs */
                latencyMs?: (number|null);

                /** Playing stalls */
                stalls?: (number|null);

                /** Playing stallMs */
                stallMs?: (number|null);

                /** Playing spanMs */
                spanMs?: (number|null);

                /** Playing relayBytes */
                relayBytes?: (number|null);

                /** Playing peerBytes */
                peerBytes?: (number|null);

                /** Playing givenBytes */
                givenBytes?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Playing. */
            type $Shape = freshet.v1.Playing.$Properties;
        }

        /**
         * Properties of a Control.
         * @deprecated Use freshet.v1.Control.$Properties instead.
         */
        interface IControl extends freshet.v1.Control.$Properties {
        }

        /** Represents a Control. */
        class Control {

            /**
             * Constructs a new Control.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Control.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Control hello. */
            hello?: (freshet.v1.Hello.$Properties|null);

            /** Control subscribe. */
            subscribe?: (freshet.v1.Subscribe.$Properties|null);

            /** Control unsubscribe. */
            unsubscribe?: (freshet.v1.Unsubscribe.$Properties|null);

            /** Control catalog. */
            catalog?: (freshet.v1.SignedCatalog.$Properties|null);

            /** Control absent. */
            absent?: (freshet.v1.Absent.$Properties|null);

            /** Control ping. */
            ping?: (freshet.v1.Ping.$Properties|null);

            /** Control pong. */
            pong?: (freshet.v1.Pong.$Properties|null);

            /** Control audience. */
            audience?: (freshet.v1.Audience.$Properties|null);

            /** Control share. */
            share?: (freshet.v1.Share.$Properties|null);

            /** Control probe. */
            probe?: (freshet.v1.Probe.$Properties|null);

            /** Control plan. */
            plan?: (freshet.v1.Plan.$Properties|null);

            /** Control signal. */
            signal?: (freshet.v1.Signal.$Properties|null);

            /** Control report. */
            report?: (freshet.v1.Report.$Properties|null);

            /** Control moved. */
            moved?: (freshet.v1.Edge.$Properties|null);

            /** Control request. */
            request?: (freshet.v1.Request.$Properties|null);

            /** Control missing. */
            missing?: (freshet.v1.Missing.$Properties|null);

            /** Control declined. */
            declined?: (freshet.v1.Declined.$Properties|null);

            /** Control path. */
            path?: (freshet.v1.Path.$Properties|null);

            /** Control redirect. */
            redirect?: (freshet.v1.Redirect.$Properties|null);

            /** Control poster. */
            poster?: (Uint8Array|null);

            /** Control playing. */
            playing?: (freshet.v1.Playing.$Properties|null);

            /** Control summary. */
            summary?: (Uint8Array|null);

            /** Control body. */
            body?: ("hello"|"subscribe"|"unsubscribe"|"catalog"|"absent"|"ping"|"pong"|"audience"|"share"|"probe"|"plan"|"signal"|"report"|"moved"|"request"|"missing"|"declined"|"path"|"redirect"|"poster"|"playing"|"summary");

            /**
             * Encodes the specified Control message. Does not implicitly {@link freshet.v1.Control.verify|verify} messages.
             * @param message Control message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Control.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Control message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Control & freshet.v1.Control.$Shape} Control
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Control & freshet.v1.Control.$Shape;
        }

        namespace Control {

            /** Properties of a Control. */
            interface $Properties {

                /** Control hello */
                hello?: (freshet.v1.Hello.$Properties|null);

                /** Control subscribe */
                subscribe?: (freshet.v1.Subscribe.$Properties|null);

                /** Control unsubscribe */
                unsubscribe?: (freshet.v1.Unsubscribe.$Properties|null);

                /** Control catalog */
                catalog?: (freshet.v1.SignedCatalog.$Properties|null);

                /** Control absent */
                absent?: (freshet.v1.Absent.$Properties|null);

                /** Control ping */
                ping?: (freshet.v1.Ping.$Properties|null);

                /** Control pong */
                pong?: (freshet.v1.Pong.$Properties|null);

                /** Control audience */
                audience?: (freshet.v1.Audience.$Properties|null);

                /** Control share */
                share?: (freshet.v1.Share.$Properties|null);

                /** Control probe */
                probe?: (freshet.v1.Probe.$Properties|null);

                /** Control plan */
                plan?: (freshet.v1.Plan.$Properties|null);

                /** Control signal */
                signal?: (freshet.v1.Signal.$Properties|null);

                /** Control report */
                report?: (freshet.v1.Report.$Properties|null);

                /** Control moved */
                moved?: (freshet.v1.Edge.$Properties|null);

                /** Control request */
                request?: (freshet.v1.Request.$Properties|null);

                /** Control missing */
                missing?: (freshet.v1.Missing.$Properties|null);

                /** Control declined */
                declined?: (freshet.v1.Declined.$Properties|null);

                /** Control path */
                path?: (freshet.v1.Path.$Properties|null);

                /** Control redirect */
                redirect?: (freshet.v1.Redirect.$Properties|null);

                /** Control poster */
                poster?: (Uint8Array|null);

                /** Control playing */
                playing?: (freshet.v1.Playing.$Properties|null);

                /** Control summary */
                summary?: (Uint8Array|null);

                /** Control body */
                body?: ("hello"|"subscribe"|"unsubscribe"|"catalog"|"absent"|"ping"|"pong"|"audience"|"share"|"probe"|"plan"|"signal"|"report"|"moved"|"request"|"missing"|"declined"|"path"|"redirect"|"poster"|"playing"|"summary");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Control. */
            type $Shape = {
              hello?: freshet.v1.Hello.$Shape|null;
              subscribe?: freshet.v1.Subscribe.$Shape|null;
              unsubscribe?: freshet.v1.Unsubscribe.$Shape|null;
              catalog?: freshet.v1.SignedCatalog.$Shape|null;
              absent?: freshet.v1.Absent.$Shape|null;
              ping?: freshet.v1.Ping.$Shape|null;
              pong?: freshet.v1.Pong.$Shape|null;
              audience?: freshet.v1.Audience.$Shape|null;
              share?: freshet.v1.Share.$Shape|null;
              probe?: freshet.v1.Probe.$Shape|null;
              plan?: freshet.v1.Plan.$Shape|null;
              signal?: freshet.v1.Signal.$Shape|null;
              report?: freshet.v1.Report.$Shape|null;
              moved?: freshet.v1.Edge.$Shape|null;
              request?: freshet.v1.Request.$Shape|null;
              missing?: freshet.v1.Missing.$Shape|null;
              declined?: freshet.v1.Declined.$Shape|null;
              path?: freshet.v1.Path.$Shape|null;
              redirect?: freshet.v1.Redirect.$Shape|null;
              poster?: Uint8Array|null;
              playing?: freshet.v1.Playing.$Shape|null;
              summary?: Uint8Array|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "hello"; hello: freshet.v1.Hello.$Shape; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "subscribe"; hello?: null; subscribe: freshet.v1.Subscribe.$Shape; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "unsubscribe"; hello?: null; subscribe?: null; unsubscribe: freshet.v1.Unsubscribe.$Shape; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "catalog"; hello?: null; subscribe?: null; unsubscribe?: null; catalog: freshet.v1.SignedCatalog.$Shape; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "absent"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent: freshet.v1.Absent.$Shape; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "ping"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping: freshet.v1.Ping.$Shape; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "pong"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong: freshet.v1.Pong.$Shape; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "audience"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience: freshet.v1.Audience.$Shape; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "share"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share: freshet.v1.Share.$Shape; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "probe"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe: freshet.v1.Probe.$Shape; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "plan"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan: freshet.v1.Plan.$Shape; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "signal"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal: freshet.v1.Signal.$Shape; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "report"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report: freshet.v1.Report.$Shape; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "moved"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved: freshet.v1.Edge.$Shape; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "request"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request: freshet.v1.Request.$Shape; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "missing"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing: freshet.v1.Missing.$Shape; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "declined"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined: freshet.v1.Declined.$Shape; path?: null; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "path"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path: freshet.v1.Path.$Shape; redirect?: null; poster?: null; playing?: null; summary?: null }|{ body?: "redirect"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect: freshet.v1.Redirect.$Shape; poster?: null; playing?: null; summary?: null }|{ body?: "poster"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster: Uint8Array; playing?: null; summary?: null }|{ body?: "playing"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing: freshet.v1.Playing.$Shape; summary?: null }|{ body?: "summary"; hello?: null; subscribe?: null; unsubscribe?: null; catalog?: null; absent?: null; ping?: null; pong?: null; audience?: null; share?: null; probe?: null; plan?: null; signal?: null; report?: null; moved?: null; request?: null; missing?: null; declined?: null; path?: null; redirect?: null; poster?: null; playing?: null; summary: Uint8Array })
            );
        }
    }
}
