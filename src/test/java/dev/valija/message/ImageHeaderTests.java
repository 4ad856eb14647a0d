package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageHeaderTests {

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "gif"})
    void sizesAreReadAsAnEncoderWritesThem(String format) throws IOException {
        for (int[] size : new int[][] {{1, 1}, {300, 2}, {257, 511}}) {
            assertThat(ImageHeader.read(image(format, size[0], size[1])))
                    .contains(new ImageHeader("image/" + format, size[0], size[1]));
        }
    }

    /** The heads of the three kinds of WebP, as RFC 9649 has them. */
    @ParameterizedTest
    @CsvSource({
        "524946461e00000057454250565038202a000000300100 9d012a 2c01 6400 000000, 300, 100",
        "524946461a000000574542505650384c0d000000 2f 2bc11800 000000000000, 300, 100",
        "524946462200000057454250565038580a000000 10000000 2b0100 630000, 300, 100"
    })
    void sizesOfWebpAreRead(String hex, int width, int height) {
        assertThat(ImageHeader.read(HexFormat.of().parseHex(hex.replace(" ", ""))))
                .contains(new ImageHeader("image/webp", width, height));
    }

    /** A screen of one pixel for a first picture of four thousand million. */
    @Test
    void aGifIsAsLargeAsItsFirstPicture() {
        var gif = HexFormat.of()
                .parseHex("474946383961 0100 0100 00 00 00 21f904 00000000 00 2c 0000 0000 ffff ffff 00"
                        .replace(" ", ""));
        assertThat(ImageHeader.read(gif)).contains(new ImageHeader("image/gif", 65_535, 65_535));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3c73766720786d6c6e733d22", // <svg
                "424d360000000000000036000000280000000100000001000000", // BMP
                "0000001c667479706176696600000000", // AVIF
                "89504e470d0a1a0a0000000d49454e44", // PNG without IHDR
                "89504e470d0a1a0a0000000d4948445200000000000000010806000000", // of no width
                "89504e470d0a1a0a0000000d4948445280000000000000010806000000", // of a negative one
                "ffd8ffd9",
                "ffd8ffe00001ffc0001108000100010301",
                "ffd8ffda000c03010002110311003f00",
                "47494638396100",
                "474946383961010001000000003b", // GIF without a picture
                "524946460000000057454250585858582a000000000000000000000000000000"
            })
    void whatIsNoImageIsNone(String hex) {
        assertThat(ImageHeader.read(HexFormat.of().parseHex(hex))).isEmpty();
    }

    @Test
    void nothingThrowsWhateverTheOctets() throws IOException {
        var random = new Random(4);
        for (var format : new String[] {"png", "jpeg", "gif"}) {
            var whole = image(format, 20, 30);
            for (int i = 0; i < 20_000; i++) {
                var octets = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
                for (int n = random.nextInt(4); n > 0 && octets.length > 0; n--) {
                    octets[random.nextInt(octets.length)] = (byte) random.nextInt();
                }
                ImageHeader.read(octets)
                        .ifPresent(read -> assertThat(Math.min(read.width(), read.height()))
                                .isPositive());
            }
        }
    }

    private static byte[] image(String format, int width, int height) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
        return out.toByteArray();
    }
}
