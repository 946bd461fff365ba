// Generated from proto/schema by scripts/gen-proto.mjs. Do not edit.
import type * as $protobuf from "protobufjs/minimal.js";

/** Namespace freshet. */
export namespace freshet {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a Summary.
         * @deprecated Use freshet.v1.Summary.$Properties instead.
         */
        interface ISummary extends freshet.v1.Summary.$Properties {
        }

        /** Represents a Summary. */
        class Summary {

            /**
             * Constructs a new Summary.
             * @param [properties] Properties to set
             */
            constructor(properties?: freshet.v1.Summary.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Summary viewers. */
            viewers: number;

            /** Summary relays. */
            relays: number;

            /** Summary joins. */
            joins: number;

            /** Summary leaves. */
            leaves: number;

            /** Summary egressBps. */
            egressBps: number;

            /** Summary relayBps. */
            relayBps: number;

            /** Summary peerBps. */
            peerBps: number;

            /** Summary latency. */
            latency: number[];

            /** Summary stalls. */
            stalls: number[];

            /** Summary renditions. */
            renditions: number[];

            /** Summary rows. */
            rows: number[];

            /** Summary tree. */
            tree: number[];

            /**
             * Encodes the specified Summary message. Does not implicitly {@link freshet.v1.Summary.verify|verify} messages.
             * @param message Summary message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: freshet.v1.Summary.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Summary message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {freshet.v1.Summary & freshet.v1.Summary.$Shape} Summary
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): freshet.v1.Summary & freshet.v1.Summary.$Shape;
        }

        namespace Summary {

            /** Properties of a Summary. */
            interface $Properties {

                /** Summary viewers */
                viewers?: (number|null);

                /** Summary relays */
                relays?: (number|null);

                /** Summary joins */
                joins?: (number|null);

                /** Summary leaves */
                leaves?: (number|null);

                /** Summary egressBps */
                egressBps?: (number|null);

                /** Summary relayBps */
                relayBps?: (number|null);

                /** Summary peerBps */
                peerBps?: (number|null);

                /** Summary latency */
                latency?: (number[]|null);

                /** Summary stalls */
                stalls?: (number[]|null);

                /** Summary renditions */
                renditions?: (number[]|null);

                /** Summary rows */
                rows?: (number[]|null);

                /** Summary tree */
                tree?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Summary. */
            type $Shape = freshet.v1.Summary.$Properties;
        }
    }
}
