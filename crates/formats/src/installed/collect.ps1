# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

<#
.SYNOPSIS
Collects which software libraries are used here, so that they can be counted with "underpin add".

.DESCRIPTION
Packed are lockfiles (lists of the libraries that a program uses), and on Linux also os-release and the
databases of dpkg, apk and rpm. Nothing else: no settings, no data, no passwords. Nothing is sent anywhere.
Read the list that is printed, then hand in the file. Works with Windows PowerShell 5.1 and newer.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File collect.ps1 -Root D:\apps -Output D:\underpin.zip
#>
param(
    # Where to look. On Windows name the folders' common root, for example D:\apps or C:\.
    [string] $Root = $(if ($env:OS -eq 'Windows_NT') { 'C:\' } else { '/' }),
    # What to write.
    [string] $Output = (Join-Path (Get-Location) ('underpin-{0}-{1:yyyy-MM-dd}.zip' -f [Environment]::MachineName, (Get-Date))),
    # How many folders deep lockfiles are looked for.
    [int] $Depth = 8
)
$ErrorActionPreference = 'Stop'

$systemFiles = @(
    'etc/os-release', 'usr/lib/os-release', 'var/lib/dpkg/status',
    'lib/apk/db/installed', 'usr/lib/apk/db/installed',
    'var/lib/rpm/rpmdb.sqlite', 'var/lib/rpm/rpmdb.sqlite-wal', 'var/lib/rpm/Packages.db', 'var/lib/rpm/Packages',
    'usr/lib/sysimage/rpm/rpmdb.sqlite', 'usr/lib/sysimage/rpm/Packages.db', 'usr/share/rpm/rpmdb.sqlite'
)
# lockfiles:begin
$lockfiles = @(
    'Cargo.lock', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock',
    'requirements*.txt', 'poetry.lock', 'uv.lock', 'pdm.lock', 'Pipfile.lock',
    'pylock.toml', 'Gemfile.lock', 'go.mod', 'go.sum', 'composer.lock',
    'packages.lock.json', 'gradle.lockfile', 'pom.xml', 'mix.lock', 'pubspec.lock',
    'conan.lock'
)
# lockfiles:end
# Folders into which package managers unpack, and those of the operating system itself.
$skippedNames = @('.git', 'node_modules', 'site-packages', 'dist-packages', '$Recycle.Bin', 'System Volume Information')
$skippedPaths = @('Windows', 'proc', 'sys', 'dev', 'run', 'tmp', 'var/tmp', 'mnt', 'media')
# Homes of other people.
$homes = @('Users', 'home')

if (-not (Test-Path -LiteralPath $Root -PathType Container)) { Write-Error "no such folder: $Root"; exit 2 }
$rootPath = (Resolve-Path -LiteralPath $Root).ProviderPath.TrimEnd('\', '/') + [IO.Path]::DirectorySeparatorChar
$ownHome = [Environment]::GetFolderPath('UserProfile')
$found = New-Object System.Collections.Generic.List[string]

foreach ($file in $systemFiles) {
    if (Test-Path -LiteralPath ($rootPath + $file) -PathType Leaf) { $found.Add($file) }
}

function Find-Lockfile([string] $Folder, [int] $Left) {
    foreach ($entry in Get-ChildItem -LiteralPath $Folder -Force -ErrorAction SilentlyContinue) {
        # Links and mounted folders are not followed.
        if ($entry.Attributes -band [IO.FileAttributes]::ReparsePoint) { continue }
        $relative = $entry.FullName.Substring($rootPath.Length).Replace('\', '/')
        if ($entry.PSIsContainer) {
            $parts = $relative.Split('/')
            if ($Left -le 1 -or $skippedNames -contains $entry.Name -or $skippedPaths -contains $relative) { continue }
            $isHome = $parts.Count -eq 2 -and $homes -contains $parts[0]
            if ($isHome -and $entry.FullName -ne $ownHome) { continue }
            Find-Lockfile $entry.FullName ($Left - 1)
            continue
        }
        foreach ($pattern in $lockfiles) {
            if ($entry.Name -like $pattern) { $found.Add($relative); break }
        }
    }
}
Find-Lockfile $rootPath $Depth

$files = @($found | Sort-Object -Unique)
if ($files.Count -eq 0) { Write-Error "nothing found below $Root"; exit 1 }

# Entries are named by hand: older versions would write "\" between folders.
Add-Type -AssemblyName System.IO.Compression
Add-Type -AssemblyName System.IO.Compression.FileSystem
if (Test-Path -LiteralPath $Output) { Remove-Item -LiteralPath $Output }
$archive = [IO.Compression.ZipFile]::Open($Output, [IO.Compression.ZipArchiveMode]::Create)
try {
    Write-Output 'packed:'
    foreach ($file in $files) {
        try {
            [void] [IO.Compression.ZipFileExtensions]::CreateEntryFromFile($archive, $rootPath + $file, $file)
            Write-Output "  $file"
        } catch {
            Write-Warning "could not be read and was left out: $file"
        }
    }
} finally {
    $archive.Dispose()
}
Write-Output "written: $Output"
