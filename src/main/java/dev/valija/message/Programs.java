package dev.valija.message;

import java.util.Set;
import java.util.regex.Pattern;

/** Kinds of files that run when they are opened, or that bring something along that does. */
final class Programs {
    private static final Set<String> EXTENSIONS = Set.of(
            // Windows
            "exe",
            "com",
            "scr",
            "pif",
            "bat",
            "cmd",
            "cpl",
            "dll",
            "sys",
            "drv",
            "ocx",
            "msi",
            "msp",
            "mst",
            "msix",
            "msixbundle",
            "appx",
            "appxbundle",
            "appinstaller",
            "application",
            "appref-ms",
            "gadget",
            "hta",
            "chm",
            "hlp",
            "inf",
            "ins",
            "isp",
            "job",
            "lnk",
            "url",
            "msc",
            "msh",
            "mshxml",
            "ps1",
            "ps1xml",
            "ps2",
            "psc1",
            "psm1",
            "psd1",
            "reg",
            "scf",
            "sct",
            "shb",
            "shs",
            "vb",
            "vbe",
            "vbs",
            "vbscript",
            "ws",
            "wsc",
            "wsf",
            "wsh",
            "js",
            "jse",
            "mjs",
            "settingcontent-ms",
            "library-ms",
            "search-ms",
            "theme",
            "themepack",
            "diagcab",
            "rdp",
            "xll",
            "wll",
            "ade",
            "adp",
            "mde",
            "accde",
            "iqy",
            "slk",
            "one",
            "website",
            "desktopthemepackfile",
            // disks that open as folders and keep no mark of where they came from
            "iso",
            "img",
            "vhd",
            "vhdx",
            "udf",
            // documents with programs in them
            "docm",
            "dotm",
            "xlsm",
            "xltm",
            "xlam",
            "xlsb",
            "pptm",
            "potm",
            "ppam",
            "ppsm",
            "sldm",
            // others
            "jar",
            "jnlp",
            "apk",
            "xapk",
            "ipa",
            "app",
            "command",
            "dmg",
            "pkg",
            "mpkg",
            "scpt",
            "scptd",
            "applescript",
            "workflow",
            "mobileconfig",
            "terminal",
            "webloc",
            "sh",
            "bash",
            "csh",
            "zsh",
            "ksh",
            "run",
            "elf",
            "so",
            "deb",
            "rpm",
            "appimage",
            "snap",
            "flatpakref",
            "desktop",
            "py",
            "pyw",
            "pyz",
            "pyc",
            "xpi",
            "crx");

    /** What looks like something to read. */
    private static final Set<String> DOCUMENTS = Set.of(
            "pdf", "doc", "docx", "docm", "odt", "rtf", "txt", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "jpg",
            "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "heic", "mp3", "mp4", "m4a", "wav", "mov", "avi", "zip",
            "eml", "msg", "xml", "htm", "html", "ics", "vcf");

    private static final Pattern TYPES = Pattern.compile("application/("
            + "x-msdownload|x-dosexec|x-msdos-program|vnd\\.microsoft\\.portable-executable|x-executable|x-elf|x-object"
            + "|x-sharedlib|x-coredump|x-mach-o.*|x-ms-installer|x-msi|java-archive|java-vm|x-java-jnlp-file|x-sh"
            + "|x-bat|x-ms-shortcut|x-mswinurl|hta|vnd\\.android\\.package-archive|x-apple-diskimage|x-iso9660-image"
            + "|x-debian-package|x-rpm|x-chrome-package|x-xpinstall|javascript|x-shellscript|x-msaccess-addin"
            + "|vnd\\.ms-(word|excel|powerpoint)\\..*macroenabled.*|vnd\\.ms-htmlhelp)"
            + "|text/(javascript|vbscript|x-vbscript|x-python|x-perl|x-php|x-ruby)|application/x-.*-executable");

    static boolean extension(String extension) {
        return EXTENSIONS.contains(extension);
    }

    static boolean type(String type) {
        return TYPES.matcher(type).matches();
    }

    static boolean document(String extension) {
        return DOCUMENTS.contains(extension);
    }

    private Programs() {}
}
